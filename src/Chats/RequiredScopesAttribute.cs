namespace YandexMarket.Chats;

/// <summary>The scopes for an operation; the API key needs one of them. Generated from the contract.</summary>
/// <param name="scopes">The names of the scopes.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiredScopesAttribute(params string[] scopes) : Attribute
{
    /// <summary>The names of the scopes; one of them is enough.</summary>
    public IReadOnlyList<string> Scopes { get; } = scopes;
}
