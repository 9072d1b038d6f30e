using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace YandexMarket.Chats.Emulator;

/// <summary>Posts a notification to the receiver and judges its response.</summary>
internal sealed class Receiver(TimeSpan timeout, TimeProvider clock) : IDisposable
{
    private const int AtOnce = 4;
    private const int LongestAnswer = 64 * 1024;

    private static readonly string[] _required = ["version", "name", "time"];

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LongestAnswer,
    };

    /// <summary>Waits for one of four places first, so that a slow receiver does not meet the whole backlog at once.</summary>
    public async Task<ReceiverResponse> PostInTurnAsync(Uri url, byte[] body, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await PostAsync(url, body, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <exception cref="OperationCanceledException">The token was cancelled. A receiver that takes too long is a result.</exception>
    public async Task<ReceiverResponse> PostAsync(Uri url, byte[] body, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await _http.PostAsync(url, content, either.Token).ConfigureAwait(false);
            return await JudgeAsync(response).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ReceiverResponse.Failed(null, "READ_TIMED_OUT");
        }
        catch (HttpRequestException)
        {
            return ReceiverResponse.Failed(null, "CANT_CONNECT");
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _places.Dispose();
    }

    private static async Task<ReceiverResponse> JudgeAsync(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (response.StatusCode != HttpStatusCode.OK)
        {
            var outcome = response.StatusCode == HttpStatusCode.BadRequest ? NotificationOutcome.Rejected : NotificationOutcome.Failed;
            return new ReceiverResponse(outcome, status, "HTTP");
        }

        if (response.Content.Headers.ContentType?.MediaType is not "application/json")
        {
            return ReceiverResponse.Failed(status, "UNSUPPORTED_MEDIA_TYPE");
        }

        try
        {
            var answer = JsonElement.Parse(await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false));
            return answer.ValueKind == JsonValueKind.Object && Array.TrueForAll(_required, name => HasText(answer, name))
                ? new ReceiverResponse(NotificationOutcome.Accepted, status, null)
                : ReceiverResponse.Failed(status, "INVALID_DATA");
        }
        catch (JsonException)
        {
            return ReceiverResponse.Failed(status, "CANT_PARSE_RESPONSE");
        }
    }

    private static bool HasText(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;
}
