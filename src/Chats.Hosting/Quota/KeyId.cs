using System.Security.Cryptography;
using System.Text;

namespace YandexMarket.Chats.Hosting;

/// <summary>Identifies a client's key in the limiters, which keep it for hours and may be on other machines.</summary>
internal sealed class KeyId
{
    private const string Header = "Api-Key";

    /// <summary>Enough to tell keys apart.</summary>
    private const int Bytes = 8;

    private volatile Tuple<string, string>? _last;

    public string Of(HttpRequestMessage request) => Of(request.Headers.TryGetValues(Header, out var values) ? string.Concat(values) : "");

    public string Of(string key)
    {
        var last = _last;
        if (last?.Item1 != key)
        {
            _last = last = Tuple.Create(key, Hash(key));
        }

        return last.Item2;
    }

    private static string Hash(string key)
    {
#if NET
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)), 0, Bytes);
#else
        using var sha = SHA256.Create();
        return BitConverter.ToString(sha.ComputeHash(Encoding.UTF8.GetBytes(key)), 0, Bytes).Replace("-", "");
#endif
    }
}
