namespace YandexMarket.Chats.Redis;

/// <summary>What happens while Redis does not respond.</summary>
public enum ChatsRedisFallback
{
    /// <summary>
    /// A call fails with <c>ChatsQuotaException</c>, without a request, and a notification gets a 500, so that the service sends it again.
    /// </summary>
    Refuse = 0,

    /// <summary>
    /// Each process continues alone: with calls within its share, the documented limits divided by <see cref="ChatsRedisOptions.ExpectedReplicas"/>,
    /// and with notifications of which it drops only the duplicates that it knows itself.
    /// </summary>
    Local,
}
