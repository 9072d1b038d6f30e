using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace YandexMarket.Chats.Emulator;

/// <summary>A call in progress: what was read of it so far, and its place among the parallel calls.</summary>
internal sealed class Call(HttpContext http, Route route, DateTimeOffset receivedAt)
{
    private const int LongestRecordedPath = 200;
    private const int LongestHint = 4;

    private BusinessLimits? _place;

    public HttpContext Http => http;

    public Route Route => route;

    /// <summary>Only for calls whose route has an operation.</summary>
    public EmulatedOperation Operation => route.Operation.GetValueOrDefault();

    public DateTimeOffset ReceivedAt => receivedAt;

    public string TraceParent { get; } = NewTraceParent();

    public StringValues Key => http.Request.Headers["Api-Key"];

    public long? BusinessId { get; set; }

    public EmulatedBusiness? Business { get; set; }

    public long? ChatId { get; set; }

    public long? MessageId { get; set; }

    /// <summary>What the rate limit headers will say; null: they are not sent.</summary>
    public QuotaState? Quota { get; set; }

    /// <summary>Whether a call was counted, so that it can be given back.</summary>
    public bool Counted { get; set; }

    /// <summary>The fault that struck the call, if one did.</summary>
    public ChatsFault? Fault { get; set; }

    /// <summary>Whether the call is in the record: it gets there once.</summary>
    public bool Recorded { get; private set; }

    public bool TryTakePlace(BusinessLimits limits)
    {
        if (!limits.TryEnter())
        {
            return false;
        }

        _place = limits;
        return true;
    }

    /// <summary>Leaves the place. This happens before the response's last byte is sent: else a caller who makes the next call as soon as the
    /// response is there would at times be the fifth of four.</summary>
    public void LeavePlace() => Interlocked.Exchange(ref _place, null)?.Leave();

    public RecordedRequest ToRecord(int? status, ServiceResponse? response)
    {
        Recorded = true;
        return new RecordedRequest
        {
            ReceivedAt = receivedAt,
            Method = http.Request.Method,
            Path = Cut(http.Request.Path.Value ?? "", LongestRecordedPath),
            Operation = route.Operation,
            BusinessId = BusinessId,
            ChatId = ChatId,
            MessageId = MessageId,
            KeyHint = Key.Count == 0 ? null : Hint(Key.ToString()),
            Fault = Fault,
            Status = status,
            ErrorCode = response?.Refusal?.Code,
            ErrorMessage = response?.Refusal?.Recorded,
            TraceParent = TraceParent,
            TakenMessageId = response?.Taken?.Id,
        };
    }

    private static string Hint(string key) => string.Concat(key.AsSpan(0, Math.Min(LongestHint, key.Length / 3)), "…");

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    private static string NewTraceParent() => string.Create(CultureInfo.InvariantCulture,
        $"00-{Random.Shared.NextInt64():x16}{Random.Shared.NextInt64():x16}-{Random.Shared.NextInt64():x16}-01");
}
