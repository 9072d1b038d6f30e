using Spectre.Console;

namespace YandexMarket.Chats.Cli;

/// <summary>The demo for a person: plain lines, which read the same in a file, without the colours.</summary>
internal sealed class DemoView
{
    private readonly IAnsiConsole _console;
    private int _number;

    public DemoView(Shell shell)
    {
        var wantsColors = string.IsNullOrEmpty(shell.Environment("NO_COLOR")) && shell.Environment("TERM") != "dumb";
        var hasColors = shell.OutputIsTerminal && wantsColors;
        var ansi = OperatingSystem.IsWindows() ? AnsiSupport.Detect : AnsiSupport.Yes;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(shell.Out),
            Ansi = hasColors ? ansi : AnsiSupport.No,
            ColorSystem = hasColors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });

        // The terminal breaks long lines; in a file they stay whole.
        _console.Profile.Width = short.MaxValue;
    }

    public void ShowTitle(Uri address)
    {
        Line($"[bold]chats demo[/]  [grey]a client and an emulated service at {address}; nothing leaves this machine[/]");
        Line("");
    }

    public void Show(DemoStep step)
    {
        Line($"[bold]{++_number}  {Markup.Escape(step.Title)}[/]");
        Line($"   [blue]{Markup.Escape(step.Code)}[/]");
        var color = step.Call.Exception is null ? "default" : "yellow";
        foreach (var (i, text) in Describe(step.Call).Index())
        {
            Line($"   {(i == 0 ? "→" : " ")} [{color}]{Markup.Escape(Safe.Line(text))}[/]");
        }

        foreach (var check in step.Checks)
        {
            Line($"   {(check.Holds ? "[green]✓[/]" : "[red]✗ FAILED:[/]")} [grey]{Markup.Escape(check.Claim)}[/]");
        }

        Line("");
    }

    public void ShowEnd(IReadOnlyList<DemoStep> steps)
    {
        var failed = steps.Index().Where(step => !step.Item.Passed).Select(step => step.Index + 1).ToArray();
        Line(failed.Length == 0
            ? $"[green]All {steps.Count} steps passed.[/] Sending again after the last one would have reached the buyer twice."
            : $"[red]Failed: step {string.Join(", ", failed)} of {steps.Count}.[/]");
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

    private void Line(string markup) => _console.MarkupLine(markup);
}
