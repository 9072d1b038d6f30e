namespace YandexMarket.Chats.Hosting;

/// <summary>One attempt of a call, with what a rate limiter counts it by.</summary>
public sealed class ChatsCall
{
    /// <summary>Creates the description of an attempt.</summary>
    /// <param name="operation">The operation: each has an hourly quota of its own.</param>
    /// <param name="baseAddress">The address of the service that enforces the limits.</param>
    /// <param name="businessId">The business account that the limits belong to.</param>
    /// <param name="keyId">Identifies the key without containing it.</param>
    /// <param name="maxWait">How long the attempt may wait.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public ChatsCall(ChatsOperation operation, Uri baseAddress, long businessId, string keyId, TimeSpan maxWait)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(baseAddress);
        ArgumentNullException.ThrowIfNull(keyId);
        Operation = operation;
        BaseAddress = baseAddress;
        BusinessId = businessId;
        KeyId = keyId;
        MaxWait = maxWait;
    }

    /// <summary>The operation: each has an hourly quota of its own.</summary>
    public ChatsOperation Operation { get; }

    /// <summary>The address of the service; another service has its own limits.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The business account that the limits belong to.</summary>
    public long BusinessId { get; }

    /// <summary>Identifies the key without containing it: the same for the same key in every process and on every machine.</summary>
    public string KeyId { get; }

    /// <summary>
    /// How long the attempt will wait. A limiter that knows that it takes longer may reject it at once, with the metadata
    /// <see cref="System.Threading.RateLimiting.MetadataName.RetryAfter"/>.
    /// </summary>
    public TimeSpan MaxWait { get; }

    /// <summary>The operation and the business.</summary>
    /// <returns>A text without secrets.</returns>
    public override string ToString() => $"{Operation.Id} of business {BusinessId}";
}
