namespace YandexMarket.Chats.Hosting;

/// <summary>One attempt of a call, as a limiter of the quota sees it: what it is counted by.</summary>
public sealed class ChatsCall
{
    /// <summary>Describes an attempt.</summary>
    /// <param name="operation">The operation: each has an hourly quota of its own.</param>
    /// <param name="businessId">The business account that the limits belong to.</param>
    /// <param name="keyId">Stands for the key without telling it.</param>
    /// <param name="maxWait">How long the attempt may wait.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public ChatsCall(ChatsOperation operation, long businessId, string keyId, TimeSpan maxWait)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(keyId);
        Operation = operation;
        BusinessId = businessId;
        KeyId = keyId;
        MaxWait = maxWait;
    }

    /// <summary>The operation: each has an hourly quota of its own.</summary>
    public ChatsOperation Operation { get; }

    /// <summary>The business account that the limits belong to.</summary>
    public long BusinessId { get; }

    /// <summary>Stands for the key without telling it: the same for the same key in every process and on every machine.</summary>
    public string KeyId { get; }

    /// <summary>
    /// How long the attempt will wait. A limiter that knows that it takes longer may refuse at once, with the metadata
    /// <see cref="System.Threading.RateLimiting.MetadataName.RetryAfter"/>.
    /// </summary>
    public TimeSpan MaxWait { get; }

    /// <summary>The operation and the business.</summary>
    /// <returns>A text without any secret.</returns>
    public override string ToString() => $"{Operation.Id} of business {BusinessId}";
}
