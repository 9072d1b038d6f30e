using System.CommandLine;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats demo</c>: a whole conversation that needs no key and no network.</summary>
internal static class DemoCommand
{
    public static Command Create(Shell shell)
    {
        var command = new Command("demo", "Shows a complete conversation with an emulated service in this process. It needs no key and no network.");
        command.SetAction((_, cancellationToken) => RunAsync(shell, _ => { }, cancellationToken));
        return command;
    }

    /// <summary>Plays the demo; a test changes the stage first, to prove that a step can fail.</summary>
    public static async Task<int> RunAsync(Shell shell, Action<DemoStage> prepare, CancellationToken cancellationToken)
    {
        try
        {
            await using var stage = await DemoStage.BuildAsync(cancellationToken);
            prepare(stage);
            var view = new DemoView(shell);
            view.ShowTitle(stage.Emulator.BaseAddress);
            var steps = new List<DemoStep>();
            await foreach (var step in new DemoScript(stage, cancellationToken).PlayAsync())
            {
                view.Show(step);
                steps.Add(step);
            }

            view.ShowEnd(steps);
            return (int)(steps.TrueForAll(step => step.Passed) ? ExitCode.Done : ExitCode.Unexpected);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            return (Outcome.Of(exception, isSend: false) with { Code = ExitCode.Unexpected }).Report(shell, asJson: false);
        }
    }
}
