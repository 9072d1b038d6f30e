using System.IO.Pipelines;
using System.Net.Http.Json;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary><c>chats emulator</c> from its first line to its end.</summary>
internal sealed class EmulatorRun : IAsyncDisposable
{
    private const string Target = "/v2/businesses/1/chats/message?chatId=2";

    private readonly CancellationTokenSource _ctrlC = new();
    private readonly StringWriter _error = new();
    private readonly TextWriter _sharedError;
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly StreamWriter _output;
    private readonly StreamReader _lines;
    private readonly HttpClient _http = new();
    private readonly Task<int> _run;

    private EmulatorRun(string[] args)
    {
        _sharedError = TextWriter.Synchronized(_error);
        _output = new StreamWriter(_pipe.Writer.AsStream()) { AutoFlush = true };
        _lines = new StreamReader(_pipe.Reader.AsStream());
        _run = Tool.RunAsync(["emulator", .. args], new TestTool().ShellOver(_output, _sharedError), _ctrlC.Token);
    }

    public Uri Address => _http.BaseAddress!;

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
        Assert.That(await first, Does.StartWith("listening on http://"));
        run._http.BaseAddress = new Uri((await first)["listening on ".Length..]);
        return run;
    }

    public static async Task<HttpStatusCode> SendAsync(HttpClient http, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Target) { Content = JsonContent.Create(new { message = text }) };
        request.Headers.Add("Api-Key", "demo-all");
        using var response = await http.SendAsync(request);
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

    public Task<HttpStatusCode> SendAsync(string text) => SendAsync(_http, text);

    public async Task<JObject> ReadAsync(long message, string key = "demo-all")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Target}&messageId={message}");
        request.Headers.Add("Api-Key", key);
        using var response = await _http.SendAsync(request);
        using var json = new Newtonsoft.Json.JsonTextReader(new StringReader(await response.Content.ReadAsStringAsync()))
        {
            DateParseHandling = Newtonsoft.Json.DateParseHandling.None,
        };
        return await JObject.LoadAsync(json);
    }

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
        _http.Dispose();
        _lines.Dispose();
    }
}
