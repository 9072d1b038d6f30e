namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>
/// Each test has its own emulator with business 1, its empty chat 2 and the key "key", on a clock that the test moves, and calls it over a
/// bare socket.
/// </summary>
public abstract class EmulatorTests
{
    protected const string Target = "/v2/businesses/1/chats/message";
    protected const string Read = $"{Target}?chatId=2&messageId=1";
    protected const string Send = $"{Target}?chatId=2";
    protected const string Hi = """{"message":"Hi"}""";
    protected const string Sent = """{"status":"OK"}""";
    protected const string Json = "Content-Type: application/json\r\n";

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

    protected static string Request(string method, string target, string? key = "key", string headers = "") =>
        $"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{(key is null ? "" : $"Api-Key: {key}\r\n")}{headers}\r\n";

    protected static string Get(string target = Read, string? key = "key") => Request("GET", target, key);

    protected static string Post(string target = Send, string body = Hi, string? key = "key", string contentType = Json) =>
        Request("POST", target, key, $"{contentType}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n") + body;

    /// <summary>What is particular in a request.</summary>
    protected static string NameOf(string request)
    {
        var name = Regex.Replace(request, "HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close|Content-Length: .*\r|Api-Key: key\r|[\r\n]+", " ");
        return Regex.Replace(name.Length > 150 ? name[..150] + "…" : name, " +", " ");
    }

    /// <summary>Sends a request and reads until the connection ends.</summary>
    private protected Task<RawResponse> SendAsync(string request) =>
        RawRequest.SendAsync(Emulator.BaseAddress.Port, Encoding.UTF8.GetBytes(request));

    private protected Task<RawResponse> GetAsync(string target = Read, string? key = "key") => SendAsync(Get(target, key));

    private protected Task<RawResponse> PostAsync(string target = Send, string body = Hi, string? key = "key") => SendAsync(Post(target, body, key));

    /// <summary>Sends a request, or the start of one.</summary>
    protected Task<Socket> OpenAsync(string request) => RawRequest.OpenAsync(Emulator.BaseAddress.Port, Encoding.UTF8.GetBytes(request));

    protected Task UntilRecordedAsync(long total) => Until.TrueAsync(() => Emulator.Requests.Total == total);

    /// <summary>Reads byte by byte, so only ASCII.</summary>
    protected static async Task<string> ReadUntilAsync(Socket socket, Func<string, bool> isComplete)
    {
        var text = "";
        var next = new byte[1];
        await using var stream = new NetworkStream(socket);
        while (!isComplete(text))
        {
            await stream.ReadExactlyAsync(next).AsTask().WaitAsync(Until.Timeout);
            text += (char)next[0];
        }

        return text;
    }
}
