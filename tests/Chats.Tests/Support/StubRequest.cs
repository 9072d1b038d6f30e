using System.Text;

namespace YandexMarket.Chats.Tests;

/// <summary>A request as the stub saw it.</summary>
internal sealed record StubRequest(string Method, string Target, ILookup<string, string> Headers, byte[] Body)
{
    public string BodyText => Encoding.UTF8.GetString(Body);

    public string Header(string name) => string.Join("|", Headers[name]);

    /// <summary>Header names are the same in any case.</summary>
    public static ILookup<string, string> HeadersOf(IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers) => headers
        .SelectMany(header => header.Value, (header, value) => KeyValuePair.Create(header.Key, value))
        .ToLookup(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase);
}
