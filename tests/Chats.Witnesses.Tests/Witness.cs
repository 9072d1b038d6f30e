// One Prism serves all tests, which run one after another: they are short, and the machine is busy with Prism itself.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]

namespace YandexMarket.Chats.Witnesses.Tests;

/// <summary>The emulator with Prism in front of it, for all tests. Each takes a business of its own.</summary>
[Slow]
[SetUpFixture]
internal sealed class Witness
{
    /// <summary>The keys, named after what they may do.</summary>
    public const string TalkingKey = "key-that-talks";
    public const string ReadingKey = "key-that-reads";
    public const string UselessKey = "key-for-something-else";
    public const string UnknownKey = "key-that-nobody-knows";

    public static ManualClock Clock { get; } = new();

    public static ChatsEmulator Emulator { get; private set; } = null!;

    public static Prism Proxy { get; private set; } = null!;

    [OneTimeSetUp]
    public static async Task Start()
    {
        Emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions { TimeProvider = Clock });
        Emulator.AddKey(TalkingKey, ChatsScopes.Communication);
        Emulator.AddKey(ReadingKey, ChatsScopes.AllMethodsReadOnly);
        Emulator.AddKey(UselessKey, "settings-management");
        Proxy = await Prism.ProxyAsync(Emulator.BaseAddress);
    }

    [OneTimeTearDown]
    public static async Task Stop()
    {
        await (Proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Emulator?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
