using System.Globalization;

namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>Results and errors as text.</summary>
internal static class Description
{
    public static string Message(
        long id, DateTimeOffset createdAt, object sender, string? text, IEnumerable<(string Name, string Url, int Size)> files) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{id} {createdAt:O} {sender.ToString()!.ToUpperInvariant()} '{text}' {string.Join(", ", files)}");

    public static string Error(int status, IEnumerable<(string Code, string? Message)> errors) =>
        string.Create(CultureInfo.InvariantCulture, $"{status} {string.Join(", ", errors)}");
}
