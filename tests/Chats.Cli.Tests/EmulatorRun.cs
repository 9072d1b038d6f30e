using System.IO.Pipelines;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary><c>chats emulator</c> from its first line to its end.</summary>
internal sealed class EmulatorRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _ctrlC = new();
    private readonly StringWriter _error = new();
    private readonly TextWriter _sharedError;
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly StreamWriter _output;
    private readonly StreamReader _lines;
    private readonly Task<int> _run;
    private HttpClient? _http;

    private EmulatorRun(string[] args)
    {
        _sharedError = TextWriter.Synchronized(_error);
        _output = new StreamWriter(_pipe.Writer.AsStream()) { AutoFlush = true };
        _lines = new StreamReader(_pipe.Reader.AsStream());
        var shell = new TestTool { Output = _output, Error = _sharedError }.CreateShell();
        _run = Tool.RunAsync(["emulator", .. args], shell, _ctrlC.Token);
    }

    public HttpClient Http => _http!;

    public Uri Address => Http.BaseAddress!;

    public string Error
    {
        get
        {
            lock (_sharedError)
            {
                return _error.ToString();
            }
        }
    }

    public static async Task<EmulatorRun> StartAsync(params string[] args)
    {
        var run = new EmulatorRun(args);
        var first = run.ReadLineAsync();
        Assert.That(await Task.WhenAny(first, run._run), Is.SameAs(first), () => run.Error);
        run._http = Connect(await first);
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

    public async Task<string> ReadLineAsync() => (await _lines.ReadLineAsync())!;

    public async Task<string[]> ReadLinesAsync(int count)
    {
        var lines = new string[count];
        for (var i = 0; i < count; i++)
        {
            lines[i] = await ReadLineAsync();
        }

        return lines;
    }

    public Task<HttpStatusCode> SendAsync(string text) => SendAsync(Http, text);

    public async Task<JsonNode> ReadAsync(long message) =>
        JsonNode.Parse(await Http.GetStringAsync($"/v2/businesses/1/chats/message?chatId=2&messageId={message}"))!["result"]!;

    public async Task<Ran> StopAsync()
    {
        await _ctrlC.CancelAsync();
        var exitCode = await _run;
        await _output.DisposeAsync();
        return new Ran(exitCode, await _lines.ReadToEndAsync(), Error);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _ctrlC.Dispose();
        Http.Dispose();
        _lines.Dispose();
    }
}
