using System.CommandLine;
using YandexMarket.Chats.Emulator;

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
        await using var emulator = await ChatsEmulator.StartAsync(cancellationToken: cancellationToken);
        ChatsClient Create(string key, string[]? scopes = null) =>
            new(new ChatsClientOptions { ApiKey = key, BaseAddress = emulator.BaseAddress, GrantedScopes = scopes });
        using var client = Create(DemoData.FullKey);
        using var readOnly = Create(DemoData.ReadOnlyKey);
        using var informed = Create(DemoData.ReadOnlyKey, [ChatsScopes.AllMethodsReadOnly]);
        var stage = new DemoStage(emulator) { Client = client, ReadOnlyClient = readOnly, InformedReadOnlyClient = informed };
        prepare(stage);
        var view = new DemoView(shell);
        view.ShowTitle(emulator.BaseAddress);
        var steps = new List<DemoStep>();
        await foreach (var step in new DemoScript(stage, cancellationToken).PlayAsync())
        {
            view.Show(step);
            steps.Add(step);
        }

        view.ShowEnd(steps);
        return steps.TrueForAll(step => step.Passed) ? ExitCode.Done : ExitCode.Unexpected;
    }
}
