using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>Tests against an emulator, each with one of its own.</summary>
public abstract class ServiceFixture
{
    private protected TestService Service { get; private set; } = null!;

    [SetUp]
    public async Task StartAsync() => Service = await TestService.StartAsync();

    [TearDown]
    public async Task StopAsync() => await Service.DisposeAsync();
}

/// <summary>An emulator with the demo's data, and the arguments that lead to it.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private TestService(ChatsEmulator emulator)
    {
        Emulator = emulator;
        Chat = DemoData.AddTo(emulator);
    }

    public ChatsEmulator Emulator { get; }

    public EmulatedChat Chat { get; }

    public static async Task<TestService> StartAsync() => new(await ChatsEmulator.StartAsync());

    public string[] Get(params string[] more) => With(["get", "--business", "1", "--chat", "2"], more.Contains("--message") ? more : ["--message", "2", .. more]);

    public string[] Send(params string[] more) => With(["send", "--business", "1", "--chat", "2"], more);

    public string[] With(string[] args, params string[] more) => [.. args, "--base-address", Emulator.BaseAddress.ToString(), .. more];

    public ValueTask DisposeAsync() => Emulator.DisposeAsync();
}
