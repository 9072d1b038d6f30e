using YandexMarket.Chats.Emulator;
using YandexMarket.Chats.Witnesses.Tests.Contract;
using YandexMarket.Chats.Witnesses.Tests.Prism;

namespace YandexMarket.Chats.Witnesses.Tests.PrismProxy;

/// <summary>The emulator with Prism before it, for all tests of this folder. Each takes a business of its own.</summary>
[Slow]
[SetUpFixture]
internal sealed class ProxyWitness
{
    private static long _businesses;

    public static ManualClock Clock { get; } = new();

    public static ChatsEmulator Emulator { get; private set; } = null!;

    public static PrismProcess Prism { get; private set; } = null!;

    public static long NextBusinessId() => Interlocked.Increment(ref _businesses);

    [OneTimeSetUp]
    public static async Task Start()
    {
        Emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions { TimeProvider = Clock });
        Emulator.AddKey(Keys.Talks, ChatsScopes.Communication);
        Emulator.AddKey(Keys.Reads, ChatsScopes.AllMethodsReadOnly);
        Emulator.AddKey(Keys.Neither, "settings-management");
        Prism = await PrismProcess.ProxyAsync(ContractAnswer.Contract, Emulator.BaseAddress);
    }

    [OneTimeTearDown]
    public static async Task Stop()
    {
        await (Prism?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Emulator?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
