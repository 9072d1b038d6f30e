using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// The inbox page and its small JSON API below <c>/_inbox/</c>, a path that the service does not have. The page polls the state twice a
/// second: a connection kept open for events would have to be ended at every stop, and a browser has only six per address.
/// </summary>
internal sealed partial class InboxHandler(ChatsEmulator emulator)
{
    private const string Prefix = "/_inbox/";

    private readonly InboxPage _page = InboxPage.Load();

    public static bool Serves(HttpRequest request) => request.Path.Value is { } path
        && (path.StartsWith(Prefix, StringComparison.Ordinal) || (path == "/" && !IsWrite(request)));

    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            var (status, content) = await RespondAsync(http.Request).ConfigureAwait(false);
            await SendAsync(http, status, content).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The browser has disconnected, or the emulator stops.
            http.Abort();
        }
    }

    private async Task<(int Status, object Content)> RespondAsync(HttpRequest request)
    {
        try
        {
            CheckOrigin(request);
            return (200, (request.Method, request.Path.Value) switch
            {
                ("GET" or "HEAD", "/") => _page,
                ("GET" or "HEAD", Prefix + "state") => ReadState(request.Query),
                ("POST", Prefix + "messages") => await AddMessageAsync(request).ConfigureAwait(false),
                ("POST", Prefix + "faults") => await AddFaultsAsync(request).ConfigureAwait(false),
                ("DELETE", Prefix + "faults") => ClearFaults(),
                (_, Prefix + "state" or Prefix + "messages" or Prefix + "faults") =>
                    throw new BadHttpRequestException("This address does not support the method.", StatusCodes.Status405MethodNotAllowed),
                _ => throw new BadHttpRequestException("The inbox has no such address.", StatusCodes.Status404NotFound),
            });
        }
        catch (BadHttpRequestException exception)
        {
            return (exception.StatusCode, new { Error = exception.Message });
        }
    }

    /// <summary>
    /// Rejects requests of other sites: any site in a browser on this machine can call a local port, and must neither read the chats nor
    /// write in them.
    /// </summary>
    private static void CheckOrigin(HttpRequest request)
    {
        // A site can let its own host name point to 127.0.0.1 and would then be same-origin.
        if (request.Host.Host is not ("127.0.0.1" or "[::1]") && !request.Host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadHttpRequestException("The inbox is only for 127.0.0.1, [::1] and localhost.", StatusCodes.Status403Forbidden);
        }

        // "none" is an address that a person typed; tools such as curl do not send the header. A link on another site may lead to the page.
        var isCrossSite = request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none") && request.Path.Value != "/";

        // Every browser sends an Origin with a write.
        var isOwnPage = request.Headers.Origin.ToString().Equals($"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
        if (isCrossSite || (IsWrite(request) && !isOwnPage))
        {
            throw new BadHttpRequestException("The inbox is only for its own page.", StatusCodes.Status403Forbidden);
        }
    }

    private async Task SendAsync(HttpContext http, int status, object content)
    {
        var body = content is InboxPage page ? page.Html : JsonSerializer.SerializeToUtf8Bytes(content, _json);
        http.Response.StatusCode = status;
        var headers = http.Response.Headers;
        headers.ContentType = content is InboxPage ? "text/html; charset=utf-8" : "application/json";
        headers.ContentLength = body.Length;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = _page.Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // Kestrel leaves it out of the response to a HEAD.
        await http.Response.BodyWriter.WriteAsync(body).ConfigureAwait(false);
    }

    private static bool IsWrite(HttpRequest request) => request.Method is not ("GET" or "HEAD");
}
