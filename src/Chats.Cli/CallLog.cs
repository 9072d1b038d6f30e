using System.Globalization;
using System.Threading.Channels;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary>
/// Prints lines from any thread, in order and without blocking the caller: a slow terminal does not slow down the emulator. If the
/// terminal blocks for long, the oldest waiting lines are dropped.
/// </summary>
internal sealed class CallLog(TimeProvider clock) : IAsyncDisposable
{
    private const int LinesWaiting = 10_000;
    private const int ResponseShown = 200;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(LinesWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private Task _printing = Task.CompletedTask;

    /// <summary>A call in one line. The record holds no text and no whole key; the path is the caller's, so it is made safe.</summary>
    public static string Describe(RecordedRequest call) => Line(
        call.ReceivedAt,
        call.Status,
        $"{Safe.Line(call.Method),-4}",
        call.Operation is { } operation ? $"{operation,-17}" : null,
        call.Operation is null
            ? Safe.Line(call.Path)
            : string.Join(' ', [Named("business", call.BusinessId), Named("chat", call.ChatId), Named("message", call.MessageId)]).TrimEnd(),
        call.KeyHint is null ? "no key" : $"key {Safe.Line(call.KeyHint)}",
        call.ErrorMessage is null ? null : Safe.Line(call.ErrorMessage),
        call.Fault is null ? null : $"fault: {call.Fault}",
        Named("delivered message", call.DeliveredMessageId));

    /// <summary>An attempt to notify in one line, without the URL: it may hold a secret of the receiver.</summary>
    public static string Describe(NotificationAttempt attempt) => Line(
        attempt.EndedAt,
        attempt.Status,
        $"notify {attempt.Type}",
        attempt.Chat is { } chat ? $"chat {chat.Id}{(attempt.Message is { } message ? $" message {message.Id}" : "")}" : null,
        string.Create(
            CultureInfo.InvariantCulture, $"attempt {attempt.Attempt}: {attempt.Outcome} in {attempt.Duration.TotalMilliseconds:0} ms"),
        attempt.Problem,
        attempt.Response is { } response ? Safe.Line(response.Length > ResponseShown ? $"{response[..ResponseShown]}…" : response) : null);

    public void Write(string line) => _lines.Writer.TryWrite(line);

    /// <summary>Prints what was written so far, and from now on at once.</summary>
    public void Start(TextWriter output) => _printing = PrintAsync(output);

    /// <summary>Prints the last lines, but waits for no more than a second: nobody may read the output any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.Complete();
        await Task.WhenAny(_printing, Task.Delay(TimeSpan.FromSeconds(1), clock));
    }

    private static string Line(DateTimeOffset at, int? status, params string?[] parts) => string.Join(
        "  ",
        [
            at.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture),
            status?.ToString(CultureInfo.InvariantCulture) ?? "---",
            .. parts.Where(part => !string.IsNullOrEmpty(part)),
        ]);

    private static string? Named(string name, long? number) =>
        number is { } known ? string.Create(CultureInfo.InvariantCulture, $"{name} {known}") : null;

    private async Task PrintAsync(TextWriter output)
    {
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync())
            {
                await output.WriteLineAsync(line);
            }
        }
        catch (IOException)
        {
            // The reader of the output is gone; the emulator goes on.
        }
    }
}
