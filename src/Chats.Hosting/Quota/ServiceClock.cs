namespace YandexMarket.Chats.Hosting;

/// <summary>
/// An estimate of the service's clock, which its windows follow. The Date header is truncated to seconds and arrives late, so it is never
/// ahead of the service, and the largest offset seen is the best estimate. Callers pass the local time, because reading a clock is not free.
/// </summary>
internal sealed class ServiceClock
{
    /// <summary>Beyond this, the Date of a single response is not trusted.</summary>
    public static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(15);

    private TimeSpan? _skew;

    public DateTimeOffset At(DateTimeOffset local) => local + (_skew ?? TimeSpan.Zero);

    public DateTimeOffset ToLocal(DateTimeOffset time) => time - (_skew ?? TimeSpan.Zero);

    public void Learn(DateTimeOffset? date, DateTimeOffset local)
    {
        if (date - local is { } skew && skew.Duration() <= MaxSkew && !(_skew >= skew))
        {
            _skew = skew;
        }
    }

    /// <summary>For a response that proves that this machine's clock is wrong, or was changed.</summary>
    public void Correct(DateTimeOffset date, DateTimeOffset local) => _skew = date - local;
}
