namespace YandexMarket.Chats.Redis;

/// <summary>What happens while Redis does not respond.</summary>
public enum ChatsRedisFallback
{
    /// <summary>
    /// Nothing is done that Redis did not allow: a call ends as <c>ChatsQuotaException</c> without a request, and a notification is refused
    /// with a 500, so that the service sends it again.
    /// </summary>
    Refuse = 0,

    /// <summary>
    /// Each process goes on alone: calls within its share of the limits, the documented limits divided by
    /// <see cref="ChatsRedisOptions.ExpectedReplicas"/>, and notifications with the duplicates that it knows itself.
    /// </summary>
    Local,
}
