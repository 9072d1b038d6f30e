using System.Collections.Concurrent;

namespace YandexMarket.Chats.Emulator;

// All API keys, active and revoked.
public sealed partial class ChatsEmulator
{
    private readonly ConcurrentDictionary<string, KeyEntry> _keys = new(StringComparer.Ordinal);

    /// <summary>A snapshot.</summary>
    internal KeyValuePair<string, KeyEntry>[] Keys => _keys.ToArray();

    /// <summary>
    /// Adds a key for all businesses, or replaces the scopes of a key. For a key of one business see <see cref="EmulatedBusiness.AddKey"/>.
    /// </summary>
    /// <param name="key">The key: visible ASCII without spaces.</param>
    /// <param name="scopes">
    /// <c>communication</c> and <c>all-methods</c> allow reading and sending, <c>all-methods:read-only</c> reading. Any other scope is
    /// accepted and allows neither.
    /// </param>
    /// <exception cref="ArgumentException">The key or a scope is empty, or the key has invalid characters.</exception>
    public void AddKey(string key, params string[] scopes) => SetKey(key, scopes, business: null);

    /// <summary>Revokes a key: it then gets 401 <c>Api-Key token is revoked</c>. Returns whether it existed.</summary>
    public bool RevokeKey(string key)
    {
        var entry = FindKey(key);
        entry?.IsRevoked = true;
        RaiseStateChanged();
        return entry is not null;
    }

    /// <summary>A token is opaque: all that is known is that it is sent as a header value and has no white space.</summary>
    internal static bool IsToken(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExceptInRange('!', '~');

    internal KeyEntry? FindKey(string key) => _keys.GetValueOrDefault(key);

    internal void SetKey(string key, string[] scopes, EmulatedBusiness? business)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(scopes);
        if (!IsToken(key))
        {
            throw new ArgumentException("A key has only the characters U+0021 to U+007E: remove spaces and other letters.", nameof(key));
        }

        if (scopes.Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException("A scope is empty: name it (\"communication\", for example) or remove it.", nameof(scopes));
        }

        _keys[key] = new KeyEntry([.. scopes], business);
        RaiseStateChanged();
    }
}
