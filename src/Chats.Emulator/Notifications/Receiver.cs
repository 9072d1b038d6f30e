using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace YandexMarket.Chats.Emulator;

/// <summary>Posts notifications to the receiver and checks its responses.</summary>
internal sealed class Receiver(TimeProvider clock) : IDisposable
{
    private const int MaxResponseBytes = 64 * 1024;
    private const int CharactersKept = 1000;
    private const int MaxNameLength = 100;

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
    });

    /// <summary>A timeout is a result: only the caller's token throws.</summary>
    public async Task<NotificationAttempt> PostAsync(
        Uri url, Notification notification, int attempt, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        var (status, problem, text) = ((int?)null, (string?)null, (string?)null);
        using var late = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(notification.ToBody()) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
            // Before the body, which may never come: a 400 must not be repeated even then.
            status = (int)response.StatusCode;
            var body = await ReadStartAsync(response.Content, either.Token).ConfigureAwait(false);
            problem = FindProblem(response, body.Span);
            text = Encoding.UTF8.GetString(body.Span);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            problem = "READ_TIMED_OUT";
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            problem = "CANT_CONNECT";
        }

        return new NotificationAttempt
        {
            EndedAt = clock.GetUtcNow(),
            Type = notification.Type,
            Chat = notification.Chat,
            Message = notification.Message,
            Attempt = attempt,
            Duration = clock.GetElapsedTime(start),
            Status = status,
            Problem = problem,
            Response = text?.Length > CharactersKept ? text[..CharactersKept] : text,
        };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>At most 64 KB, which bounds the memory: a correct response is much shorter.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadStartAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxResponseBytes];
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return buffer.AsMemory(0, length);
    }

    private static string? FindProblem(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        try
        {
            return response.StatusCode != HttpStatusCode.OK ? "HTTP"
                : response.Content.Headers.ContentType?.MediaType is not "application/json" ? "UNSUPPORTED_MEDIA_TYPE"
                : IsValid(JsonElement.Parse(body)) ? null
                : "INVALID_DATA";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an unpaired surrogate.
            return "CANT_PARSE_RESPONSE";
        }
    }

    private static bool IsValid(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && IsName(json, "version") && IsName(json, "name")
        && IsText(json, "time", out var time) && TimeWithOffset.IsIn(time.GetString()) && time.TryGetDateTimeOffset(out _);

    private static bool IsName(JsonElement json, string member) =>
        IsText(json, member, out var value) && value.GetString()!.Length is >= 1 and <= MaxNameLength;

    private static bool IsText(JsonElement json, string member, out JsonElement value) =>
        json.TryGetProperty(member, out value) && value.ValueKind == JsonValueKind.String;
}
