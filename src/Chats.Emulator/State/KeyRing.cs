using System.Collections.Concurrent;

namespace YandexMarket.Chats.Emulator;

/// <summary>All API keys, active and revoked.</summary>
internal sealed class KeyRing(Action changed)
{
    private readonly ConcurrentDictionary<string, KeyEntry> _keys = new(StringComparer.Ordinal);

    /// <summary>A snapshot.</summary>
    public KeyValuePair<string, KeyEntry>[] All => _keys.ToArray();

    /// <summary>A token is opaque: all that is known is that it is sent as a header value and has no white space.</summary>
    public static bool IsToken(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExceptInRange('!', '~');

    public void Add(string key, string[] scopes, EmulatedBusiness? business)
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
        changed();
    }

    public bool Remove(string key)
    {
        var isRemoved = _keys.TryRemove(key, out _);
        changed();
        return isRemoved;
    }

    public bool Revoke(string key)
    {
        var entry = Find(key);
        entry?.IsRevoked = true;
        changed();
        return entry is not null;
    }

    public KeyEntry? Find(string key) => _keys.GetValueOrDefault(key);
}

/// <summary>The scopes of a key and its business; null means all businesses.</summary>
internal sealed record KeyEntry(string[] Scopes, EmulatedBusiness? Business)
{
    public bool IsRevoked { get; set; }

    // From the pages of the two methods: a key needs one of these scopes.
    public bool Allows(EmulatedOperation operation) => Scopes.Any(scope =>
        scope is "communication" or "all-methods" || (scope == "all-methods:read-only" && operation == EmulatedOperation.GetChatMessage));

    public bool Opens(EmulatedBusiness business) => Business is null || Business == business;
}
