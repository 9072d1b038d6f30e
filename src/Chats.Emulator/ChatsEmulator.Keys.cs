using System.Collections.Concurrent;

namespace YandexMarket.Chats.Emulator;

// All API keys, active and revoked.
public sealed partial class ChatsEmulator
{
    private readonly ConcurrentDictionary<string, ApiKey> _keys = new(StringComparer.Ordinal);

    internal ApiKey[] Keys => [.. _keys.Values.OrderBy(key => key.Key, StringComparer.Ordinal)];

    /// <summary>
    /// Adds a key for all businesses, or replaces the scopes of a key. For a key of one business see <see cref="EmulatedBusiness.AddKey"/>.
    /// </summary>
    /// <param name="key">The key: visible ASCII without spaces.</param>
    /// <param name="scopes">
    /// <c>communication</c> and <c>all-methods</c> allow reading and sending, <c>all-methods:read-only</c> reading. Any other scope is
    /// accepted and allows neither.
    /// </param>
    /// <exception cref="ArgumentException">The key or a scope is empty, or the key has invalid characters.</exception>
    public void AddKey(string key, params string[] scopes) => SetKey(new ApiKey(key, scopes));

    /// <summary>Revokes a key: calls with it then get a 401, <c>Api-Key token is revoked</c>.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether the key existed.</returns>
    public bool RevokeKey(string key)
    {
        var found = FindKey(key);
        if (found is not null)
        {
            SetKey(found with { Revoked = true });
        }

        return found is not null;
    }

    /// <summary>A token is opaque: all that is known is that it is sent as a header value and has no white space.</summary>
    internal static bool IsToken(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExceptInRange('!', '~');

    internal ApiKey? FindKey(string key) => _keys.GetValueOrDefault(key);

    internal void SetKey(ApiKey key)
    {
        ArgumentNullException.ThrowIfNull(key.Key, nameof(key));
        ArgumentNullException.ThrowIfNull(key.Scopes, "scopes");
        if (!IsToken(key.Key))
        {
            throw new ArgumentException("A key may contain only the characters U+0021 to U+007E: remove spaces and other characters.");
        }

        if (key.Scopes.Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException("A scope is empty: name it (\"communication\", for example) or remove it.");
        }

        _keys[key.Key] = key with { Scopes = [.. key.Scopes] };
        RaiseStateChanged();
    }
}

/// <summary>A key with its scopes, as in a saved state. Without a business it is valid for all of them.</summary>
internal sealed record ApiKey(string Key, string[] Scopes, long? BusinessId = null, bool Revoked = false)
{
    // From the pages of the two methods: a key needs one of these scopes.
    public bool Allows(EmulatedOperation operation) => Scopes.Any(scope =>
        scope is "communication" or "all-methods" || (scope == "all-methods:read-only" && operation == EmulatedOperation.GetChatMessage));
}
