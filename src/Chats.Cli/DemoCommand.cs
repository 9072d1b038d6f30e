using System.CommandLine;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats demo</c>: a whole conversation, with nothing needed for it.</summary>
internal static class DemoCommand
{
    public static Command Create(Shell shell)
    {
        var json = CallOptions.CreateJson();
        var command = new Command("demo", "Shows a whole conversation with an emulated service in this process. Needs no key and no network.")
        {
            json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, parsed.GetValue(json), _ => { }, cancellationToken));
        return command;
    }

    /// <param name="shell">Where to show it.</param>
    /// <param name="asJson">Whether for a script.</param>
    /// <param name="prepare">Changes the stage before the play: how a test proves that a step can fail.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    public static async Task<int> RunAsync(Shell shell, bool asJson, Action<DemoStage> prepare, CancellationToken cancellationToken)
    {
        try
        {
            await using var stage = await DemoStage.BuildAsync(cancellationToken);
            prepare(stage);
            return (int)(asJson
                ? await PlayAsJsonAsync(shell, stage, cancellationToken)
                : await PlayAsync(shell, stage, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            var error = new JObject { ["type"] = nameof(OperationCanceledException), ["message"] = "Stopped." };
            return (int)new Outcome(ExitCode.Unexpected, "chats: Stopped.", new JObject { ["error"] = error }).Report(shell, asJson);
        }
    }

    private static async Task<ExitCode> PlayAsync(Shell shell, DemoStage stage, CancellationToken cancellationToken)
    {
        var view = new DemoView(shell);
        view.ShowTitle(stage.Emulator.BaseAddress);
        var steps = new List<DemoStep>();
        await foreach (var step in new DemoSteps(stage, cancellationToken).PlayAsync())
        {
            view.Show(step);
            steps.Add(step);
        }

        view.ShowEnd(steps);
        return CodeOf(steps);
    }

    private static async Task<ExitCode> PlayAsJsonAsync(Shell shell, DemoStage stage, CancellationToken cancellationToken)
    {
        var steps = await new DemoSteps(stage, cancellationToken).PlayAsync().ToListAsync(cancellationToken);
        return new Outcome(CodeOf(steps), "", DemoJson.Of(steps)).Report(shell, asJson: true);
    }

    private static ExitCode CodeOf(List<DemoStep> steps) => steps.TrueForAll(step => step.Passed) ? ExitCode.Done : ExitCode.Unexpected;
}
