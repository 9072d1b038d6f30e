using System.Buffers;
using System.Collections.Concurrent;

namespace YandexMarket.Chats.Emulator;

/// <summary>The keys of all cabinets, alive and revoked.</summary>
internal sealed class KeyRing(Action changed)
{
    // A token is opaque; all that can be said of it is that it is sent as a header value and holds no white space.
    private static readonly SearchValues<char> _tokenCharacters =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    private readonly ConcurrentDictionary<string, KeyEntry> _keys = new(StringComparer.Ordinal);

    /// <summary>A snapshot.</summary>
    public KeyValuePair<string, KeyEntry>[] All => _keys.ToArray();

    public static bool IsToken(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExcept(_tokenCharacters);

    public void Add(string key, string[] scopes, EmulatedBusiness? business)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(scopes);
        if (!IsToken(key))
        {
            throw new ArgumentException("A key has only the characters U+0021 to U+007E: leave out spaces and other letters.", nameof(key));
        }

        if (scopes.Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException("A scope is empty: name it (\"communication\", for example) or leave it out.", nameof(scopes));
        }

        _keys[key] = new KeyEntry([.. scopes], business, IsRevoked: false);
        changed();
    }

    public bool Remove(string key)
    {
        var removed = _keys.TryRemove(key, out _);
        if (removed)
        {
            changed();
        }

        return removed;
    }

    public bool Revoke(string key)
    {
        while (_keys.TryGetValue(key, out var entry))
        {
            if (_keys.TryUpdate(key, entry with { IsRevoked = true }, entry))
            {
                changed();
                return true;
            }
        }

        return false;
    }

    public KeyEntry? Find(string key) => _keys.GetValueOrDefault(key);
}
