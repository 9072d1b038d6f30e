using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Emulator;

/// <summary>Posts notifications to the receiver and checks its responses.</summary>
internal sealed partial class Receiver(ChatsEmulatorOptions options) : IDisposable
{
    private const int LongestResponse = 64 * 1024;
    private const int CharactersKept = 1000;
    private const int LongestName = 100;

    private readonly SemaphoreSlim _places = new(options.NotificationsAtOnce);
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LongestResponse,
    };

    /// <summary>Waits for one of the places first, so that a slow receiver does not get the whole backlog at once.</summary>
    public async Task<NotificationAttempt> PostAsync(Uri url, Notification notification, int number, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await PostAsync(url, notification, number, options.NotificationTimeout, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Does not wait for a place.</summary>
    public Task<NotificationAttempt> PingAsync(Uri url, CancellationToken cancellationToken) =>
        PostAsync(url, Notification.Ping(options.TimeProvider.GetUtcNow()), number: 1, options.PingTimeout, cancellationToken);

    public void Dispose()
    {
        _http.Dispose();
        _places.Dispose();
    }

    private async Task<NotificationAttempt> PostAsync(
        Uri url, Notification notification, int number, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var clock = options.TimeProvider;
        var start = clock.GetTimestamp();
        var (outcome, status, problem, response) = await PostAsync(url, notification.Body, timeout, cancellationToken).ConfigureAwait(false);
        return new NotificationAttempt
        {
            EndedAt = clock.GetUtcNow(),
            Type = notification.Type,
            Chat = notification.Chat,
            Message = notification.Message,
            Attempt = number,
            Outcome = outcome,
            Duration = clock.GetElapsedTime(start),
            Status = status,
            Problem = problem,
            Response = response,
        };
    }

    /// <summary>A timeout is a result: only the caller's token throws.</summary>
    private async Task<(NotificationOutcome Outcome, int? Status, string? Problem, string? Response)> PostAsync(
        Uri url, byte[] body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await _http.PostAsync(url, content, either.Token).ConfigureAwait(false);
            var bytes = await response.Content.ReadAsByteArrayAsync(CancellationToken.None).ConfigureAwait(false);
            var text = Encoding.UTF8.GetString(bytes);
            var (outcome, problem) = Check(response, bytes);
            return (outcome, (int)response.StatusCode, problem, text.Length > CharactersKept ? text[..CharactersKept] : text);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (NotificationOutcome.Failed, null, "READ_TIMED_OUT", null);
        }
        catch (HttpRequestException)
        {
            return (NotificationOutcome.Failed, null, "CANT_CONNECT", null);
        }
    }

    private static (NotificationOutcome Outcome, string? Problem) Check(HttpResponseMessage response, byte[] body)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return (response.StatusCode == HttpStatusCode.BadRequest ? NotificationOutcome.Rejected : NotificationOutcome.Failed, "HTTP");
        }

        if (response.Content.Headers.ContentType?.MediaType is not "application/json")
        {
            return (NotificationOutcome.Failed, "UNSUPPORTED_MEDIA_TYPE");
        }

        try
        {
            var json = JsonElement.Parse(body);
            return json.ValueKind == JsonValueKind.Object && IsName(Text(json, "version")) && IsName(Text(json, "name")) && IsTime(Text(json, "time"))
                ? (NotificationOutcome.Accepted, null)
                : (NotificationOutcome.Failed, "INVALID_DATA");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair.
            return (NotificationOutcome.Failed, "CANT_PARSE_RESPONSE");
        }
    }

    /// <summary>Null if it is missing or not a string.</summary>
    private static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsName(string? text) => text?.Length is >= 1 and <= LongestName;

    /// <summary>The pattern requires a time and an offset, which .NET would add.</summary>
    private static bool IsTime(string? text) =>
        text is not null && TimePattern().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _);

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TimePattern();
}
