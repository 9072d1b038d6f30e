using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace YandexMarket.Chats.Emulator;

/// <summary>Posts a notification to the receiver and judges its response.</summary>
internal sealed class Receiver(TimeSpan timeout, int atOnce, TimeProvider clock) : IDisposable
{
    private const int LongestAnswer = 64 * 1024;
    private const int CharactersKept = 1000;

    private static readonly TimeSpan _pingTimeout = TimeSpan.FromSeconds(1);

    private static readonly string[] _required = ["version", "name", "time"];

    private readonly SemaphoreSlim _places = new(atOnce);
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

    /// <summary>Waits for a place first, so that a slow receiver does not meet the whole backlog at once.</summary>
    public async Task<ReceiverResponse> PostInTurnAsync(Uri url, byte[] body, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await PostAsync(url, body, timeout, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>A PING comes in no turn, and the receiver has a second for it.</summary>
    public Task<ReceiverResponse> PingAsync(Uri url, byte[] body, CancellationToken cancellationToken) =>
        PostAsync(url, body, timeout < _pingTimeout ? timeout : _pingTimeout, cancellationToken);

    public void Dispose()
    {
        _http.Dispose();
        _places.Dispose();
    }

    // A receiver that takes too long is a result: only the caller's token throws.
    private async Task<ReceiverResponse> PostAsync(Uri url, byte[] body, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        var response = await TryPostAsync(url, body, limit, cancellationToken).ConfigureAwait(false);
        return response with { Duration = clock.GetElapsedTime(start) };
    }

    private async Task<ReceiverResponse> TryPostAsync(Uri url, byte[] body, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, clock);
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

    private static async Task<ReceiverResponse> JudgeAsync(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var bytes = await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(bytes);
        text = text.Length > CharactersKept ? text[..CharactersKept] : text;
        if (response.StatusCode != HttpStatusCode.OK)
        {
            var outcome = response.StatusCode == HttpStatusCode.BadRequest ? NotificationOutcome.Rejected : NotificationOutcome.Failed;
            return new ReceiverResponse(outcome, status, "HTTP", text, default);
        }

        if (response.Content.Headers.ContentType?.MediaType is not "application/json")
        {
            return ReceiverResponse.Failed(status, "UNSUPPORTED_MEDIA_TYPE", text);
        }

        try
        {
            var answer = JsonElement.Parse(bytes);
            return answer.ValueKind == JsonValueKind.Object && Array.TrueForAll(_required, name => HasText(answer, name))
                ? new ReceiverResponse(NotificationOutcome.Accepted, status, null, text, default)
                : ReceiverResponse.Failed(status, "INVALID_DATA", text);
        }
        catch (JsonException)
        {
            return ReceiverResponse.Failed(status, "CANT_PARSE_RESPONSE", text);
        }
    }

    private static bool HasText(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;
}
