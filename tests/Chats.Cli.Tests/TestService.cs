using System.Threading.Channels;
using Newtonsoft.Json.Linq;
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

/// <summary>A receiver of notifications as the service wants it.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Channel<JObject> _received = Channel.CreateUnbounded<JObject>();
    private readonly RawServer _server;

    public Receiver() => _server = new RawServer(async connection =>
    {
        await connection.ReadRequestAsync();
        _received.Writer.TryWrite(JObject.Parse(connection.Request.Split("\r\n\r\n", 2)[1]));
        await connection.SendAsync(RawServer.Json("""{"version":"1","name":"test","time":"2025-11-21T10:20:30Z"}"""));
    });

    public string Url => $"http://127.0.0.1:{_server.Port}/notify?token=secret";

    public Task<JObject> ReadAsync() => _received.Reader.ReadAsync().AsTask();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
