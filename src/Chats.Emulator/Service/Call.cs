using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace YandexMarket.Chats.Emulator;

/// <summary>A call in progress: what has been read of it, its record and its response.</summary>
internal sealed partial class Call
{
    private const int MaxRecordedPathLength = 200;
    private const int MaxHintLength = 4;

    public Call(ChatsEmulator emulator, HttpContext http)
    {
        Emulator = emulator;
        Http = http;
        var (method, path, key) = (http.Request.Method, http.Request.Path.Value ?? "", Key.ToString());
        var match = PathPattern().Match(path);
        EmulatedOperation? operation = (match.Success, method) switch
        {
            (true, "GET") => EmulatedOperation.GetChatMessage,
            (true, "POST") => EmulatedOperation.SendMessageToChat,
            _ => null,
        };
        BusinessText = match.Groups[1].Value;
        RouteError = !match.Success ? ServiceResponse.Error(404, "Resource not found")
            : operation is null ? ServiceResponse.Error(405, $"Request method '{method}' not supported")
            : null;
        Record = new RecordedRequest
        {
            ReceivedAt = emulator.Options.TimeProvider.GetUtcNow(),
            Method = method,
            Path = path.Length <= MaxRecordedPathLength ? path : path[..MaxRecordedPathLength],
            Operation = operation,
            BusinessId = long.TryParse(BusinessText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) && id >= 1 ? id : null,
            KeyHint = Key.Count == 0 ? null : $"{key[..Math.Min(MaxHintLength, key.Length / 3)]}…",
            TraceParent = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01",
        };
    }

    public ChatsEmulator Emulator { get; }

    public HttpContext Http { get; }

    /// <summary>What the emulator records of the call. It has a number as soon as it is in the log.</summary>
    public RecordedRequest Record { get; }

    /// <summary>Not null if the path or the method is not one of an operation.</summary>
    public ServiceResponse? RouteError { get; }

    public EmulatedOperation Operation => Record.Operation.GetValueOrDefault();

    public bool IsRead => Operation == EmulatedOperation.GetChatMessage;

    /// <summary>The business in the path, not checked yet.</summary>
    public string BusinessText { get; }

    public StringValues Key => Http.Request.Headers["Api-Key"];

    /// <summary>The business in the path, whether or not the key has access to it; null if there is none.</summary>
    public EmulatedBusiness? Business => Emulator.FindBusiness(Record.BusinessId.GetValueOrDefault());

    /// <summary>Its permit among the parallel calls of the business.</summary>
    public RateLimitLease? Place { get; set; }

    /// <summary>The values of the rate limit headers; without them the headers are not sent.</summary>
    public QuotaState? Quota { get; set; }

    /// <summary>Ends the parallel call, before the last byte of its response is sent: the caller may send the next one at once.</summary>
    public void End() => Place?.Dispose();

    /// <summary>Adds the record to the log, unless it is there already.</summary>
    public void Keep(int? status, ServiceResponse? response, bool isInProgress = false)
    {
        if (!isInProgress)
        {
            End();
        }

        if (Record.Number == 0)
        {
            Record.Status = status;
            Record.ErrorCode = response?.ErrorCode;
            Record.ErrorMessage = response?.ErrorMessage;
            Record.DeliveredMessageId = response?.Delivered?.Id;
            Emulator.Requests.Add(Record);
        }
    }

    /// <summary>If the body is truncated, Kestrel closes the connection normally: the headers declare the whole body.</summary>
    public async Task SendAsync(ServiceResponse response, bool isTruncated = false)
    {
        Keep(response.Status, response);
        WriteHead(response);
        var body = Encoding.UTF8.GetBytes(response.Body);
        await Http.Response.BodyWriter.WriteAsync(body.AsMemory(0, isTruncated ? body.Length / 2 : body.Length)).ConfigureAwait(false);
    }

    public void WriteHead(ServiceResponse response)
    {
        Http.Response.StatusCode = response.Status;
        var headers = Http.Response.Headers;
        headers.ContentType = response.ContentType;
        headers.ContentLength = Encoding.UTF8.GetByteCount(response.Body);
        headers.TraceParent = Record.TraceParent;
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

    /// <summary>Waits on the emulator's clock, until the caller disconnects or the emulator stops.</summary>
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
