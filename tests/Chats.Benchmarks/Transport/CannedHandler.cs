using System.Globalization;

namespace YandexMarket.Chats.Benchmarks.Transport;

/// <summary>
/// In place of the network: reads the request's body, as a connection would, and returns a new response over the same bytes. It completes
/// synchronously, so that a call runs on one thread from start to end.
/// </summary>
internal sealed class CannedHandler(Scenario scenario) : HttpMessageHandler
{
    // A quota that no run uses up: Chats.Hosting would delay the calls.
    private const string Quota = "2000000000";

    private static readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    /// <summary>The headers that the service documents.</summary>
    public static IReadOnlyList<(string Name, string Value)> ServiceHeaders { get; } =
    [
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("X-RateLimit-Resource-Limit", Quota),
        ("X-RateLimit-Resource-Remaining", Quota),
        ("X-RateLimit-Resource-Until", Http(_now.AddMinutes(55))),
    ];

    // And what an ordinary web server adds.
    private static readonly (string Name, string Value)[] _headers =
        [("Server", "nginx"), ("Connection", "keep-alive"), ("Date", Http(_now)), .. ServiceHeaders];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = request.Content?.CopyToAsync(Stream.Null, cancellationToken) ?? Task.CompletedTask;
        return sent.IsCompletedSuccessfully ? Task.FromResult(Respond(request)) : RespondLaterAsync(sent, request);
    }

    private static string Http(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);

    private async Task<HttpResponseMessage> RespondLaterAsync(Task sent, HttpRequestMessage request)
    {
        await sent.ConfigureAwait(false);
        return Respond(request);
    }

    private HttpResponseMessage Respond(HttpRequestMessage request)
    {
        var response = new HttpResponseMessage((HttpStatusCode)scenario.Status) { Content = new CannedContent(scenario.ResponseBytes), RequestMessage = request };
        foreach (var (name, value) in _headers)
        {
            // Not parsed, as they come from a connection.
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }
}
