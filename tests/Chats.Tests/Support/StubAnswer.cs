using System.Text;

namespace YandexMarket.Chats.Tests;

/// <summary>An answer as it goes over the wire. Without bytes it has no body.</summary>
internal sealed record StubAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    /// <summary>A 200 with a JSON body.</summary>
    public static StubAnswer Ok(string json) => Json(200, json);

    public static StubAnswer Json(int status, string json) =>
        new(status, [new("Content-Type", "application/json")], Encoding.UTF8.GetBytes(json));

    public static StubAnswer Empty(int status) => new(status, [], []);

    public StubAnswer With(string header, string value) => this with { Headers = [.. Headers, new(header, value)] };
}
