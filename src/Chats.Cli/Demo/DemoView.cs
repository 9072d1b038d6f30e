namespace YandexMarket.Chats.Cli;

/// <summary>The demo as plain text: lines that read the same in a file, without the colors.</summary>
internal sealed class DemoView(Shell shell)
{
    private const string Bold = "1";
    private const string Red = "31";
    private const string Green = "32";
    private const string Yellow = "33";
    private const string Blue = "34";
    private const string Gray = "90";

    // An old Windows console would print the escape codes.
    private readonly bool _hasColors = shell.OutputIsTerminal
        && string.IsNullOrEmpty(shell.Environment("NO_COLOR"))
        && shell.Environment("TERM") != "dumb"
        && (!OperatingSystem.IsWindows() || shell.Environment("WT_SESSION") is not null);

    private int _number;

    public void ShowTitle(Uri address) => shell.Out.WriteLine(
        $"{In(Bold, "chats demo")}  {In(Gray, $"a client and an emulated service at {address}; nothing leaves this machine")}{Environment.NewLine}");

    public void Show(DemoStep step)
    {
        shell.Out.WriteLine(In(Bold, $"{++_number}  {step.Title}"));
        shell.Out.WriteLine($"   {In(Blue, step.Code)}");
        foreach (var (i, text) in Describe(step.Call).Index())
        {
            var line = Safe.Line(text);
            shell.Out.WriteLine($"   {(i == 0 ? "→" : " ")} {(step.Call.Exception is null ? line : In(Yellow, line))}");
        }

        foreach (var check in step.Checks)
        {
            shell.Out.WriteLine($"   {(check.Holds ? In(Green, "✓") : In(Red, "✗ FAILED:"))} {In(Gray, check.Claim)}");
        }

        shell.Out.WriteLine();
    }

    public void ShowEnd(IReadOnlyList<DemoStep> steps)
    {
        var failed = steps.Index().Where(step => !step.Item.Passed).Select(step => step.Index + 1).ToArray();
        shell.Out.WriteLine(failed.Length == 0
            ? $"{In(Green, $"All {steps.Count} steps passed.")} Sending again after the last step would have delivered the text twice."
            : In(Red, $"Failed: step {string.Join(", ", failed)} of {steps.Count}."));
    }

    /// <summary>What a user of the client sees.</summary>
    private static IEnumerable<string> Describe(DemoCall call) => call switch
    {
        { Exception: ChatsException exception } =>
        [
            exception.GetType().Name
                + (exception is ChatsApiException api ? $" · {api.StatusCode} {string.Join(", ", api.Errors.Select(error => error.Code))}" : "")
                + $" · MayHaveBeenSent = {(exception.MayHaveBeenSent ? "true" : "false")}",
        ],
        { Exception: { } exception } => [exception.GetType().Name],
        { Message: { } message } =>
        [
            $"{message.Sender}: {message.Message}",
            .. (message.Payload ?? []).Select(file => $"{file.Name} · {file.Size} bytes · {file.Url}"),
        ],
        _ => ["returned: the service accepted the text"],
    };

    private string In(string style, string text) => _hasColors ? $"\e[{style}m{text}\e[0m" : text;
}
