using Microsoft.AspNetCore.Http;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// Keeps other sites out. A browser on this machine can be made to call a port of this machine by any site that it shows; the emulator's
/// chats are not theirs to read, and a test's buyer is not theirs to play.
/// </summary>
internal static class InboxGuard
{
    /// <summary>Says why a request is refused, or null if it is the page's own, or a person's.</summary>
    public static string? Refuse(HttpRequest request) =>
        !IsLoopback(request.Host.Host)
            ? "The inbox answers only to 127.0.0.1, [::1] and localhost."
            : IsCrossSite(request) || (IsWrite(request) && !ComesFromPage(request))
            ? "The inbox takes calls of its own page only."
            : null;

    // A site can let its own name point to 127.0.0.1 and would then be same-origin: the name is what gives it away.
    private static bool IsLoopback(string host) =>
        host is "127.0.0.1" or "[::1]" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    // "none" is an address that a person typed; a tool such as curl sends no such header at all. A link on another site may lead to the
    // page itself, which is the same for all.
    private static bool IsCrossSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none") && request.Path.Value != "/";

    private static bool IsWrite(HttpRequest request) => request.Method is not ("GET" or "HEAD");

    // Every browser sends an Origin with a write; a request without one does not come from our page.
    private static bool ComesFromPage(HttpRequest request) =>
        request.Headers.Origin.ToString().Equals($"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
}
