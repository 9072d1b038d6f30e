using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary><c>chats emulator</c> from its first line to its end.</summary>
internal sealed class EmulatorRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _ctrlC = new();
    private readonly Lines _output = new();
    private readonly Lines _error = new();
    private readonly Task<int> _run;
    private HttpClient? _http;

    private EmulatorRun(string[] args) =>
        _run = Tool.RunAsync(["emulator", .. args], new TestTool { Output = _output, Error = _error }.CreateShell(), _ctrlC.Token);

    public HttpClient Http => _http!;

    public Uri Address => Http.BaseAddress!;

    public string Error => string.Join('\n', _error.Unread);

    public static async Task<EmulatorRun> StartAsync(params string[] args)
    {
        var run = new EmulatorRun(args);
        await Until.TrueAsync(() => !run._output.Unread.IsEmpty || run._run.IsCompleted);
        Assert.That(run._output.Unread, Is.Not.Empty, () => run.Error);
        run._http = Connect((await run.ReadLinesAsync(1))[0]);
        return run;
    }

    /// <summary>A client with the demo's key for the emulator that wrote this line.</summary>
    public static HttpClient Connect(string? firstLine)
    {
        Assert.That(firstLine, Does.StartWith("listening on http://"));
        return new HttpClient { BaseAddress = new Uri(firstLine!["listening on ".Length..]), DefaultRequestHeaders = { { "Api-Key", "demo-all" } } };
    }

    public static async Task<HttpStatusCode> SendAsync(HttpClient http, string text)
    {
        using var response = await http.PostAsJsonAsync("/v2/businesses/1/chats/message?chatId=2", new { message = text });
        return response.StatusCode;
    }

    /// <summary>The arguments of <c>chats get</c> or <c>chats send</c> for its chat.</summary>
    public string[] Call(string command, params string[] more) =>
        [command, "--business", "1", "--chat", "2", "--base-address", $"{Address}v2/", .. more];

    public async Task<string[]> ReadLinesAsync(int count)
    {
        await Until.TrueAsync(() => _output.Unread.Count >= count);
        return [.. Enumerable.Range(0, count).Select(_ => _output.Unread.TryDequeue(out var line) ? line : "")];
    }

    public Task<HttpStatusCode> SendAsync(string text) => SendAsync(Http, text);

    public async Task<JsonNode> ReadAsync(long message) =>
        JsonNode.Parse(await Http.GetStringAsync($"/v2/businesses/1/chats/message?chatId=2&messageId={message}"))!["result"]!;

    public async Task<Ran> StopAsync()
    {
        await _ctrlC.CancelAsync();
        return new Ran(await _run, string.Join('\n', _output.Unread), Error);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _ctrlC.Dispose();
        Http.Dispose();
    }

    /// <summary>A stream of the tool, line by line.</summary>
    private sealed class Lines : TextWriter
    {
        public ConcurrentQueue<string> Unread { get; } = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value) => Unread.Enqueue(value!);
    }
}
