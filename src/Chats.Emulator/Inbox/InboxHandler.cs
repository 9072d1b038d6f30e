using Microsoft.AspNetCore.Http;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// The inbox page and its small JSON interface below <c>/_inbox/</c>, a path that the service does not have. The page asks for the state
/// twice a second: a connection kept open for events would have to be ended at every stop, and a browser has only six for one address.
/// </summary>
internal sealed class InboxHandler(EmulatorState state)
{
    private const string Prefix = "/_inbox/";

    private readonly InboxPage _page = InboxPage.Load();
    private readonly InboxState _inbox = new(state);
    private readonly InboxWrites _writes = new(state);

    public static bool Serves(HttpRequest request) => request.Path.Value is { } path
        && (path.StartsWith(Prefix, StringComparison.Ordinal) || (path == "/" && IsRead(request.Method)));

    public async Task HandleAsync(HttpContext http, CancellationToken stopping)
    {
        try
        {
            var response = await RespondAsync(http, stopping).ConfigureAwait(false);
            await WriteAsync(http, response).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The browser has gone, or the emulator stops.
            http.Abort();
        }
    }

    private async ValueTask<InboxResponse> RespondAsync(HttpContext http, CancellationToken stopping)
    {
        var request = http.Request;
        if (InboxGuard.Refuse(request) is { } reason)
        {
            return InboxResponse.Error(StatusCodes.Status403Forbidden, reason);
        }

        return (request.Method, request.Path.Value) switch
        {
            ("GET" or "HEAD", "/") => _page.Response,
            ("GET" or "HEAD", Prefix + "state") => _inbox.Read(request.Query),
            ("POST", Prefix + "messages") => await _writes.MessageAsync(request, stopping).ConfigureAwait(false),
            ("POST", Prefix + "faults") => await _writes.FaultsAsync(request, stopping).ConfigureAwait(false),
            ("DELETE", Prefix + "faults") => _writes.ClearFaults(),
            (_, Prefix + "state" or Prefix + "messages" or Prefix + "faults") =>
                InboxResponse.Error(StatusCodes.Status405MethodNotAllowed, "This address does not take that method."),
            _ => InboxResponse.Error(StatusCodes.Status404NotFound, "The inbox has nothing here."),
        };
    }

    private async Task WriteAsync(HttpContext http, InboxResponse response)
    {
        http.Response.StatusCode = response.Status;
        var headers = http.Response.Headers;
        headers.ContentType = response.ContentType;
        headers.ContentLength = response.Body.Length;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = _page.Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (http.Request.Method != "HEAD")
        {
            await http.Response.BodyWriter.WriteAsync(response.Body).ConfigureAwait(false);
        }
    }

    private static bool IsRead(string method) => method is "GET" or "HEAD";
}
