using System.Globalization;
using System.Net;

namespace YandexMarket.Chats.Benchmarks.Transport;

/// <summary>
/// The network without a network: takes the bytes of the request, as a connection would, and gives a fresh answer over the same
/// bytes. It completes before it returns, so that a call runs on one thread from end to end.
/// </summary>
internal sealed class CannedHandler(int status, byte[] body) : HttpMessageHandler
{
    // A quota that no run uses up: Chats.Hosting would keep the calls back.
    private const string Quota = "2000000000";

    private static readonly string _date = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture);
    private static readonly string _until = DateTimeOffset.UtcNow.AddMinutes(55).ToString("R", CultureInfo.InvariantCulture);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = request.Content?.CopyToAsync(Stream.Null, cancellationToken) ?? Task.CompletedTask;
        return sent.IsCompletedSuccessfully ? Task.FromResult(Answer(request)) : AnswerLaterAsync(sent, request);
    }

    private async Task<HttpResponseMessage> AnswerLaterAsync(Task sent, HttpRequestMessage request)
    {
        await sent.ConfigureAwait(false);
        return Answer(request);
    }

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new CannedContent(body), RequestMessage = request };
        // What the service documents, and what an ordinary web server adds; unparsed, as they come from a connection.
        var headers = response.Headers;
        headers.TryAddWithoutValidation("Server", "nginx");
        headers.TryAddWithoutValidation("Connection", "keep-alive");
        headers.TryAddWithoutValidation("Date", _date);
        headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        headers.TryAddWithoutValidation("X-RateLimit-Resource-Limit", Quota);
        headers.TryAddWithoutValidation("X-RateLimit-Resource-Remaining", Quota);
        headers.TryAddWithoutValidation("X-RateLimit-Resource-Until", _until);
        return response;
    }
}
