namespace YandexMarket.Chats.Redis;

/// <summary>The times of the service; tests shorten them.</summary>
/// <param name="Window">After which the quotas begin anew, with the clock.</param>
/// <param name="OnItsWay">How long a request without a response may still reach the service.</param>
/// <param name="BetweenProbes">How often a request goes out when the quota seems used up and the service has not said so.</param>
internal sealed record RedisTimes(TimeSpan Window, TimeSpan OnItsWay, TimeSpan BetweenProbes)
{
    /// <summary>What the service documents.</summary>
    public static readonly RedisTimes OfService = new(TimeSpan.FromHours(1), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));
}
