using System.Threading.Channels;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary>Prints lines in order without blocking the caller. While a terminal blocks for long, the oldest waiting lines are dropped.</summary>
internal sealed class CallLog(TimeProvider clock) : IAsyncDisposable
{
    private const int LinesWaiting = 10_000;
    private const int ResponseShown = 200;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(LinesWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private Task _printing = Task.CompletedTask;
    private int _hasWarned;

    public void Write(string line) => _lines.Writer.TryWrite(Safe.Line(line));

    /// <summary>A call in one line: the record contains no text and no complete key.</summary>
    public void Write(RecordedRequest call) => Write(
        call.ReceivedAt,
        call.Status,
        $"{call.Method,-4}",
        call.Operation is { } operation ? $"{operation,-17}" : call.Path,
        $"{Named("business", call.BusinessId)}{Named(" chat", call.ChatId)}{Named(" message", call.MessageId)}",
        call.KeyHint is null ? "no key" : $"key {call.KeyHint}",
        call.ErrorMessage,
        call.Fault is null ? null : $"fault: {call.Fault}",
        Named("delivered message", call.DeliveredMessageId));

    /// <summary>An attempt to notify in one line, without the URL: it may contain a secret of the receiver.</summary>
    public void Write(NotificationAttempt attempt) => Write(
        attempt.EndedAt,
        attempt.Status,
        $"notify {attempt.Type}",
        $"{Named("chat", attempt.Chat?.Id)}{Named(" message", attempt.Message?.Id)}",
        $"attempt {attempt.Attempt}: {Describe(attempt)} in {attempt.Duration.TotalMilliseconds:0} ms",
        attempt.Response?.Length > ResponseShown ? $"{attempt.Response[..ResponseShown]}…" : attempt.Response);

    /// <summary>Writes every call and notification of this emulator from now on, and one line when the first notification is dropped.</summary>
    public void Follow(ChatsEmulator emulator)
    {
        emulator.Requests.Recorded += Write;
        emulator.Notifications.Attempted += Write;
        emulator.StateChanged += () =>
        {
            if (emulator.Notifications.Dropped > 0 && Interlocked.Exchange(ref _hasWarned, 1) == 0)
            {
                Write(clock.GetUtcNow(), null, $"notify: {emulator.Notifications.Pending} notifications are pending, so new ones are dropped");
            }
        };
    }

    /// <summary>Prints what was written so far, and from now on at once.</summary>
    public void Start(TextWriter output) => _printing = PrintAsync(output);

    /// <summary>Prints the last lines, but waits at most a second: the output may no longer be read.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.Complete();
        await Task.WhenAny(_printing, Task.Delay(TimeSpan.FromSeconds(1), clock));
    }

    private void Write(DateTimeOffset at, int? status, params string?[] parts) =>
        Write($"{TimeZoneInfo.ConvertTime(at, clock.LocalTimeZone):HH:mm:ss.fff}  {status?.ToString() ?? "---"}  {string.Join("  ", parts.Where(part => !string.IsNullOrEmpty(part)))}");

    private static string Describe(NotificationAttempt attempt) => attempt.Problem switch
    {
        null => "accepted",
        "HTTP" => attempt.Status == 404 ? "rejected: it has no such path" : "rejected",
        var problem => problem,
    };

    private static string? Named(string name, long? number) => number is null ? null : $"{name} {number}";

    private async Task PrintAsync(TextWriter output)
    {
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync())
            {
                await output.WriteLineAsync(line);
            }
        }
        catch (Exception)
        {
            // The output is closed or full, or its reader is gone; the emulator goes on.
        }
    }
}
