using System.Diagnostics;
using System.Net;
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
    private readonly LineWriter _lines = new();
    private readonly HttpClient _http = new();
    private readonly Task<int> _run;

    private EmulatorRun(string[] args)
    {
        _sharedError = TextWriter.Synchronized(_error);
        _run = Tool.RunAsync(["emulator", .. args], new TestTool().ShellOver(_lines, _sharedError), _ctrlC.Token);
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
        var first = run._lines.ReadAsync();
        Assert.That(await Task.WhenAny(first, run._run), Is.SameAs(first), () => run.Error);
        run._http.BaseAddress = new Uri((await first)["listening on ".Length..]);
        return run;
    }

    public static Process StartProcess(params string[] args)
    {
        string[] all = [Path.Combine(AppContext.BaseDirectory, "YandexMarket.Chats.Cli.dll"), "emulator", .. args];
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return Process.Start(new ProcessStartInfo(host, all) { RedirectStandardOutput = true })!;
    }

    public static async Task<HttpStatusCode> SendAsync(HttpClient http, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Target) { Content = JsonContent.Create(new { message = text }) };
        request.Headers.Add("Api-Key", "demo-all");
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    public Task<HttpStatusCode> SendAsync(string text) => SendAsync(_http, text);

    public async Task<JObject> ReadAsync(long message, string key = "demo-all")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Target}&messageId={message}");
        request.Headers.Add("Api-Key", key);
        using var answer = await _http.SendAsync(request);
        using var json = new Newtonsoft.Json.JsonTextReader(new StringReader(await answer.Content.ReadAsStringAsync()))
        {
            DateParseHandling = Newtonsoft.Json.DateParseHandling.None,
        };
        return await JObject.LoadAsync(json);
    }

    public async Task<Ran> StopAsync()
    {
        await _ctrlC.CancelAsync();
        return new Ran(await _run, string.Join('\n', _lines.Rest()), Error);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _ctrlC.Dispose();
        _http.Dispose();
        await _lines.DisposeAsync();
    }
}
