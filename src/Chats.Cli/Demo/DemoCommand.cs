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

    /// <summary>Plays the demo; a test changes it first, to prove that a step can fail.</summary>
    public static async Task<int> RunAsync(Shell shell, Action<Demo> prepare, CancellationToken cancellationToken)
    {
        await using var emulator = await ChatsEmulator.StartAsync(cancellationToken: cancellationToken);
        ChatsClient Create(string key, string[]? scopes = null) =>
            new(new ChatsClientOptions { ApiKey = key, BaseAddress = emulator.BaseAddress, GrantedScopes = scopes });
        using var client = Create(DemoData.FullKey);
        using var readOnly = Create(DemoData.ReadOnlyKey);
        using var informed = Create(DemoData.ReadOnlyKey, [ChatsScopes.AllMethodsReadOnly]);
        var demo = new Demo(emulator, shell) { Client = client, ReadOnlyClient = readOnly, InformedReadOnlyClient = informed };
        prepare(demo);
        return await demo.PlayAsync(cancellationToken);
    }
}
