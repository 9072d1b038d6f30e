using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Redis;

/// <summary>No room in time, or no Redis.</summary>
internal sealed class RefusedLease(TimeSpan? retryAfter, string? reason) : RateLimitLease
{
    public override bool IsAcquired => false;

    public override IEnumerable<string> MetadataNames => [MetadataName.RetryAfter.Name, MetadataName.ReasonPhrase.Name];

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter
            : metadataName == MetadataName.ReasonPhrase.Name ? reason
            : null;
        return metadata is not null;
    }
}
