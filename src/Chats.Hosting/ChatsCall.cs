namespace YandexMarket.Chats.Hosting;

/// <summary>One attempt of a call, with the values that a rate limiter counts by.</summary>
/// <param name="operation">The operation: each has its own hourly quota.</param>
/// <param name="baseAddress">The address of the service that enforces the limits.</param>
/// <param name="businessId">The business account that the limits belong to.</param>
/// <param name="keyId">Identifies the key without containing it.</param>
/// <param name="maxWait">How long the attempt may wait.</param>
/// <exception cref="ArgumentNullException">An argument is null.</exception>
public sealed class ChatsCall(ChatsOperation operation, Uri baseAddress, long businessId, string keyId, TimeSpan maxWait)
{
    /// <summary>The operation: each has its own hourly quota.</summary>
    public ChatsOperation Operation { get; } = operation ?? throw new ArgumentNullException(nameof(operation));

    /// <summary>The address of the service; another service has its own limits.</summary>
    public Uri BaseAddress { get; } = baseAddress ?? throw new ArgumentNullException(nameof(baseAddress));

    /// <summary>The business account that the limits belong to.</summary>
    public long BusinessId { get; } = businessId;

    /// <summary>Identifies the key without containing it: the same for the same key in every process and on every machine.</summary>
    public string KeyId { get; } = keyId ?? throw new ArgumentNullException(nameof(keyId));

    /// <summary>
    /// How long the attempt will wait. A limiter that knows that the wait would be longer may reject the attempt at once, with the metadata
    /// <see cref="System.Threading.RateLimiting.MetadataName.RetryAfter"/>.
    /// </summary>
    public TimeSpan MaxWait { get; } = maxWait;

    /// <summary>The operation and the business.</summary>
    /// <returns>Text without secrets, for a log.</returns>
    public override string ToString() => $"{Operation.Id} of business {BusinessId}";
}
