namespace YandexMarket.Chats;

/// <summary>An operation of the contract. The instances are in <see cref="ChatsOperations"/>.</summary>
public sealed class ChatsOperation
{
    internal ChatsOperation(string id, HttpMethod method, string path, IReadOnlyList<string> requiredScopes, int quotaPerHour)
    {
        Id = id;
        Method = method;
        Path = path;
        RequiredScopes = requiredScopes;
        QuotaPerHour = quotaPerHour;
        IsRead = method == HttpMethod.Get;
    }

    /// <summary>The operation's id in the contract, such as <c>sendMessageToChat</c>.</summary>
    public string Id { get; }

    /// <summary>The HTTP method.</summary>
    public HttpMethod Method { get; }

    /// <summary>The path below the base address, with its parameters in braces.</summary>
    public string Path { get; }

    /// <summary>The scopes; the key needs one of them. Never empty.</summary>
    public IReadOnlyList<string> RequiredScopes { get; }

    /// <summary>True for an operation that changes nothing and may be retried.</summary>
    public bool IsRead { get; }

    /// <summary>How many requests an hour the service allows for one business account.</summary>
    public int QuotaPerHour { get; }

    /// <summary>The operation's id.</summary>
    /// <returns><see cref="Id"/>.</returns>
    public override string ToString() => Id;
}
