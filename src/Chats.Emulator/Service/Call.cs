using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace YandexMarket.Chats.Emulator;

/// <summary>A call in progress: what has been read of it, its record and its response.</summary>
internal sealed partial class Call
{
    private const int LongestRecordedPath = 200;
    private const int LongestHint = 4;

    private readonly DateTimeOffset _receivedAt;
    private readonly EmulatedOperation? _operation;
    private EmulatedBusiness? _countedBy;

    public Call(ChatsEmulator emulator, HttpContext http)
    {
        Emulator = emulator;
        Http = http;
        _receivedAt = emulator.Options.TimeProvider.GetUtcNow();
        var path = PathPattern().Match(http.Request.Path.Value ?? "");
        _operation = !path.Success ? null : http.Request.Method switch
        {
            "GET" => EmulatedOperation.GetChatMessage,
            "POST" => EmulatedOperation.SendMessageToChat,
            _ => null,
        };
        BusinessText = path.Groups[1].Value;
        RouteRefusal = !path.Success ? Refusals.ResourceNotFound : _operation is null ? Refusals.Method(http.Request.Method) : null;
    }

    public ChatsEmulator Emulator { get; }

    public HttpContext Http { get; }

    /// <summary>Not null if the path or the method is not one of an operation.</summary>
    public Refusal? RouteRefusal { get; }

    public EmulatedOperation Operation => _operation.GetValueOrDefault();

    /// <summary>The business in the path, not checked yet.</summary>
    public string BusinessText { get; }

    public StringValues Key => Http.Request.Headers["Api-Key"];

    public long? BusinessId { get; set; }

    public EmulatedBusiness? Business { get; set; }

    public long? ChatId { get; set; }

    public long? MessageId { get; set; }

    /// <summary>The values of the rate limit headers; without them the headers are not sent.</summary>
    public QuotaState? Quota { get; set; }

    public ChatsFault? Fault { get; set; }

    public bool IsRecorded { get; private set; }

    private string TraceParent { get; } = string.Create(CultureInfo.InvariantCulture,
        $"00-{Random.Shared.NextInt64():x16}{Random.Shared.NextInt64():x16}-{Random.Shared.NextInt64():x16}-01");

    /// <summary>Counts the call among the parallel calls of a business.</summary>
    /// <returns>False if there are too many.</returns>
    public bool TryBegin(EmulatedBusiness business)
    {
        var isAllowed = business.TryBeginCall();
        _countedBy = isAllowed ? business : null;
        return isAllowed;
    }

    /// <summary>
    /// Ends counting the call as a parallel call. This happens before the last byte of the response is sent: otherwise a caller who sends
    /// the next call at once could exceed the limit.
    /// </summary>
    public void End() => Interlocked.Exchange(ref _countedBy, null)?.EndCall();

    public void Record(int? status, ServiceResponse? response, bool isInProgress = false)
    {
        if (!isInProgress)
        {
            End();
        }

        IsRecorded = true;
        var (request, key) = (Http.Request, Key.ToString());
        var path = request.Path.Value ?? "";
        Emulator.Requests.Add(new RecordedRequest
        {
            ReceivedAt = _receivedAt,
            Method = request.Method,
            Path = path.Length <= LongestRecordedPath ? path : path[..LongestRecordedPath],
            Operation = _operation,
            BusinessId = BusinessId,
            ChatId = ChatId,
            MessageId = MessageId,
            KeyHint = Key.Count == 0 ? null : $"{key[..Math.Min(LongestHint, key.Length / 3)]}…",
            Fault = Fault,
            Status = status,
            ErrorCode = response?.Refusal?.Code,
            ErrorMessage = response?.Refusal?.Recorded,
            TraceParent = TraceParent,
            DeliveredMessageId = response?.Delivered?.Id,
        });
    }

    /// <summary>Records the response and then sends it.</summary>
    public Task SendAsync(ServiceResponse response)
    {
        Record(response.Status, response);
        return SendRecordedAsync(response);
    }

    public async Task SendRecordedAsync(ServiceResponse response)
    {
        WriteHead(response);
        End();
        await Http.Response.BodyWriter.WriteAsync(response.Body).ConfigureAwait(false);
    }

    public void WriteHead(ServiceResponse response)
    {
        Http.Response.StatusCode = response.Status;
        var headers = Http.Response.Headers;
        headers.ContentType = response.ContentType;
        headers.ContentLength = response.Body.Length;
        headers.TraceParent = TraceParent;
        if (Emulator.Options.TimeProvider is var clock && clock != TimeProvider.System)
        {
            // Kestrel's own Date is the system's, which would contradict the X-RateLimit-Resource-Until of another clock.
            headers.Date = Rfc1123(clock.GetUtcNow());
        }

        if (Quota is { } quota)
        {
            headers["X-RateLimit-Resource-Limit"] = quota.Limit.ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Resource-Remaining"] = quota.Remaining.ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Resource-Until"] = Rfc1123(quota.Until);
        }

        if (response.Status == StatusCodes.Status405MethodNotAllowed)
        {
            headers.Allow = "GET, POST";
        }
        else if (response.Status == 420)
        {
            // 420 is not a standard status, so Kestrel has no reason phrase for it.
            Http.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = "Enhance Your Calm";
        }
    }

    /// <summary>Waits on the emulator's clock.</summary>
    /// <exception cref="OperationCanceledException">The caller disconnects or the emulator stops.</exception>
    public async Task DelayAsync(TimeSpan duration)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Http.RequestAborted, Emulator.Stopping);
        await Task.Delay(duration, Emulator.Options.TimeProvider, gone.Token).ConfigureAwait(false);
    }

    private static string Rfc1123(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);

    // With /v2 and, as in older pages of the API, without any version. Case matters: /V2 is not found, as documented.
    [GeneratedRegex(@"^(?:/v2)?/businesses/([^/]+)/chats/message\z")]
    private static partial Regex PathPattern();
}
