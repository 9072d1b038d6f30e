namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Each test has its own emulator with business 1, its empty chat 2 and the key "key", on a clock that the test moves.</summary>
public abstract class EmulatorTests
{
    protected const string Read = "/v2/businesses/1/chats/message?chatId=2&messageId=1";
    protected const string Send = "/v2/businesses/1/chats/message?chatId=2";
    protected const string Hi = """{"message":"Hi"}""";
    protected const string Sent = """{"status":"OK"}""";

    private protected ManualClock Clock { get; } = new();

    protected ChatsEmulator Emulator { get; private set; } = null!;

    protected EmulatedBusiness Business => Emulator.FindBusiness(1)!;

    protected EmulatedChat Chat => Business.FindChat(2)!;

    [SetUp]
    public Task StartAsync() => RestartAsync(_ => { });

    [TearDown]
    public ValueTask StopAsync() => Emulator.DisposeAsync();

    protected virtual void Configure(ChatsEmulatorOptions options)
    {
    }

    /// <summary>Replaces the emulator by one with other options.</summary>
    protected async Task RestartAsync(Action<ChatsEmulatorOptions> configure)
    {
        await (Emulator?.DisposeAsync() ?? ValueTask.CompletedTask);
        var options = new ChatsEmulatorOptions { TimeProvider = Clock };
        Configure(options);
        configure(options);
        Emulator = await ChatsEmulator.StartAsync(options);
        Emulator.AddKey("key", "communication");
        Emulator.AddBusiness(1).AddChat(2);
    }

    private protected Task<RawResponse> GetAsync(string target = Read, string? key = "key") =>
        Wire.SendAsync(Emulator, Wire.Request("GET", target, key, ""));

    private protected Task<RawResponse> PostAsync(string target = Send, string body = Hi, string? key = "key") =>
        Wire.SendAsync(Emulator, Wire.Post(target, body, key));
}
