using System.Security.Cryptography;
using System.Text;

namespace YandexMarket.Chats.Hosting;

/// <summary>What is known of a client's key, which can change.</summary>
internal sealed class ClientKey
{
    private const string Header = "Api-Key";

    /// <summary>Enough to tell keys apart.</summary>
    private const int IdBytes = 8;

    private readonly object _gate = new();
    private volatile Tuple<string, string>? _lastId;
    private volatile Unauthorized? _unauthorized;

    /// <summary>What the key provider returned last; empty if it threw, null before the first call or without a provider.</summary>
    public string? Latest { get; set; }

    /// <summary>Identifies a key in the limiters, which keep it for hours and may be on other machines.</summary>
    public string IdOf(HttpRequestMessage request) =>
#if NET
        IdOf(request.Headers.NonValidated.TryGetValues(Header, out var values) ? values.ToString() : "");
#else
        IdOf(request.Headers.TryGetValues(Header, out var values) ? string.Concat(values) : "");
#endif

    public string IdOf(string key)
    {
        var last = _lastId;
        if (last?.Item1 != key)
        {
            _lastId = last = Tuple.Create(key, Hash(key));
        }

        return last.Item2;
    }

    /// <summary>Counts the 401 responses since the last success.</summary>
    public void Record(HttpRequestMessage request, int status)
    {
        if (status == 401)
        {
            lock (_gate)
            {
                var keyId = IdOf(request);
                _unauthorized = new Unauthorized(keyId, GetUnauthorizedCount(keyId) + 1, GetUnauthorizedCount(null) + 1);
            }
        }
        else if (status is >= 200 and < 300 && _unauthorized is not null)
        {
            _unauthorized = null;
        }
    }

    /// <param name="keyId">The key; null for all keys, because those of a provider may be used in turn.</param>
    public int GetUnauthorizedCount(string? keyId) =>
        _unauthorized is not { } refused ? 0 : keyId is null ? refused.All : refused.KeyId == keyId ? refused.OfKey : 0;

    private static string Hash(string key)
    {
#if NET
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)), 0, IdBytes);
#else
        using var sha = SHA256.Create();
        return BitConverter.ToString(sha.ComputeHash(Encoding.UTF8.GetBytes(key)), 0, IdBytes).Replace("-", "");
#endif
    }

    private sealed record Unauthorized(string KeyId, int OfKey, int All);
}
