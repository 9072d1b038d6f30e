using System.Globalization;
using System.Threading.Channels;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary>
/// Prints lines from any thread, in order and without making anybody wait: a call is not served the slower for a slow terminal. If the
/// terminal stands still, the oldest lines that wait are left out.
/// </summary>
internal sealed class CallLog : IAsyncDisposable
{
    private const int LinesWaiting = 10_000;
    private const int ResponseShown = 200;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(LinesWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private Task _printing = Task.CompletedTask;

    /// <summary>A call in one line. The record holds no text and no whole key; the path is the caller's, so it is made safe.</summary>
    public static string Describe(RecordedRequest call)
    {
        var subject = call.Operation is null
            ? Safe.Line(call.Path)
            : string.Join(' ', [Named("business", call.BusinessId), Named("chat", call.ChatId), Named("message", call.MessageId)]).TrimEnd();
        var parts = new[]
        {
            call.ReceivedAt.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture),
            call.Status?.ToString(CultureInfo.InvariantCulture) ?? "---",
            $"{Safe.Line(call.Method),-4}",
            call.Operation is { } operation ? $"{operation,-17}" : null,
            subject,
            call.KeyHint is null ? "no key" : $"key {Safe.Line(call.KeyHint)}",
            call.ErrorMessage is null ? null : Safe.Line(call.ErrorMessage),
            call.Fault is null ? null : $"fault: {call.Fault}",
            Named("took message", call.DeliveredMessageId),
        };
        return string.Join("  ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }

    /// <summary>An attempt to notify in one line, without the URL: it may hold a secret of the receiver.</summary>
    public static string Describe(NotificationAttempt attempt) => string.Join("  ", new[]
    {
        attempt.EndedAt.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture),
        attempt.Status?.ToString(CultureInfo.InvariantCulture) ?? "---",
        $"notify {attempt.Type}",
        attempt.Chat is { } chat ? $"chat {chat.Id}{(attempt.Message is { } message ? $" message {message.Id}" : "")}" : null,
        $"attempt {attempt.Attempt}: {attempt.Outcome} in {attempt.Duration.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms",
        attempt.Problem,
        attempt.Response is { } response ? Safe.Line(response.Length > ResponseShown ? $"{response[..ResponseShown]}…" : response) : null,
    }.Where(part => part is not null));

    public void Write(string line) => _lines.Writer.TryWrite(line);

    /// <summary>Prints what was written so far, and from now on at once.</summary>
    public void Start(TextWriter output) => _printing = PrintAsync(output);

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.Complete();
        await _printing;
    }

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
            // Its reader is gone; the emulator goes on.
        }
    }
}
