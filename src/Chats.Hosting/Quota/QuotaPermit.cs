namespace YandexMarket.Chats.Hosting;

/// <summary>An attempt's permit. It is disposed once, when the call has read the response, or has failed.</summary>
internal interface IQuotaPermit : IDisposable
{
    /// <summary>Reports that the headers of a response have arrived.</summary>
    void Responded(ChatsResponseInfo response);

    /// <summary>Reports that the attempt was certainly not sent.</summary>
    void NotSent();
}

/// <summary>A permit of our own limits, for the concurrent calls and for the quota.</summary>
internal sealed class QuotaPermit(BusinessLimiter business, HourlyQuota quota, DateTimeOffset grantedAt) : IQuotaPermit
{
    public HourlyQuota Quota => quota;

    /// <summary>In local time.</summary>
    public DateTimeOffset GrantedAt => grantedAt;

    /// <summary>The end of the window it was granted in, in the service's time.</summary>
    public DateTimeOffset WindowEnd { get; } = quota.WindowEnd;

    /// <summary>Whether the attempt's outcome has been counted. Guarded by the lock of the limiter.</summary>
    public bool IsSettled { get; set; }

    public void Responded(ChatsResponseInfo response) => business.End(this, response, wasSent: true, permits: 0);

    public void NotSent() => business.End(this, response: null, wasSent: false, permits: 0);

    public void Dispose() => business.End(this, response: null, wasSent: true, permits: 1);
}
