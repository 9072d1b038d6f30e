namespace YandexMarket.Chats.Redis;

/// <summary>What happens while Redis does not respond.</summary>
public enum ChatsRedisFallback
{
    /// <summary>
    /// A call fails with <c>ChatsQuotaException</c>, without a request, and a notification gets a 500, so that the service sends it again.
    /// </summary>
    Reject = 0,

    /// <summary>
    /// Each process continues alone: it makes calls within its share, the documented limits divided by
    /// <see cref="ChatsRedisOptions.ExpectedReplicas"/>, and drops only the duplicate notifications that it has seen itself.
    /// </summary>
    Local,
}
