using System.Text.Json;

namespace YandexMarket.Chats.Witnesses.Tests.Prism;

/// <summary>One thing that is not as the contract says. Prism's severity plays no part here: a warning counts like an error.</summary>
/// <param name="Location">The way to it, such as <c>request.query.chatid</c> or <c>response.body</c>.</param>
/// <param name="Message">Prism's words for it.</param>
internal sealed record Violation(string Location, string Message)
{
    public bool IsOfRequest => Location.StartsWith("request", StringComparison.Ordinal);

    /// <summary>Reads the header of an answer. Without it there was no violation; one that cannot be read is one by itself.</summary>
    public static IReadOnlyList<Violation> Of(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("sl-violations", out var values))
        {
            return [];
        }

        var text = string.Join(", ", values);
        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.EnumerateArray().Select(Of)];
        }
        catch (JsonException)
        {
            return [new Violation("header", text)];
        }
    }

    private static Violation Of(JsonElement json) => new(
        string.Join('.', json.GetProperty("location").EnumerateArray()),
        json.GetProperty("message").GetString()!);
}
