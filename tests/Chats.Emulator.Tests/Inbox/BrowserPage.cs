using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Emulator.Tests.Inbox;

/// <summary>One page of a browser, spoken to in the DevTools protocol: a question has a number, and its answer has the same.</summary>
internal sealed class BrowserPage : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private int _asked;

    /// <summary>What the page wrote to its console, what threw there, and what its policy forbade.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Every address that the page asked for.</summary>
    public List<string> Requests { get; } = [];

    public static async Task<BrowserPage> OpenAsync(Chromium chromium, string address)
    {
        using var http = new HttpClient();
        var pages = JsonNode.Parse(await http.GetStringAsync($"http://127.0.0.1:{chromium.DevTools.Port}/json/list"))!.AsArray();
        var page = new BrowserPage();
        await page._socket.ConnectAsync(new Uri((string)pages.First(it => (string?)it!["type"] == "page")!["webSocketDebuggerUrl"]!), default);
        foreach (var domain in new[] { "Runtime", "Log", "Network", "Page" })
        {
            await page.AskAsync($"{domain}.enable");
        }

        await page.AskAsync("Page.navigate", new() { ["url"] = address });
        return page;
    }

    public async Task<JsonNode> AskAsync(string method, JsonObject? parameters = null)
    {
        using var patience = new CancellationTokenSource(Until.Patience);
        var question = new JsonObject { ["id"] = ++_asked, ["method"] = method, ["params"] = parameters ?? [] };
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(question), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        while (true)
        {
            var answer = await ReadAsync(patience.Token);
            if ((int?)answer["id"] == _asked)
            {
                return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer["error"]}");
            }

            Note(answer);
        }
    }

    public async Task<string?> EvaluateAsync(string expression)
    {
        var answer = await AskAsync("Runtime.evaluate", new() { ["expression"] = $"String({expression})", ["returnByValue"] = true });
        return (string?)answer["result"]!["value"];
    }

    public async Task UntilAsync(string condition)
    {
        using var patience = new CancellationTokenSource(Until.Patience);
        while (await EvaluateAsync(condition) != "true")
        {
            Assert.That(patience.IsCancellationRequested, Is.False, $"Still not: {condition}\n{string.Join('\n', Complaints)}");

            // The browser is another process, with a clock of its own.
            await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <summary>Types as a keyboard does: the page cannot tell the difference.</summary>
    public Task TypeAsync(string text) => AskAsync("Input.insertText", new() { ["text"] = text });

    public async Task PressAsync(string key, int code, string? text = null, bool shift = false)
    {
        var press = new JsonObject { ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code, ["modifiers"] = shift ? 8 : 0 };
        var down = press.DeepClone().AsObject();
        (down["type"], down["text"]) = (text is null ? "rawKeyDown" : "keyDown", text ?? "");
        press["type"] = "keyUp";
        await AskAsync("Input.dispatchKeyEvent", down);
        await AskAsync("Input.dispatchKeyEvent", press);
    }

    public Task TabAsync() => PressAsync("Tab", 9);

    public Task EnterAsync(bool shift = false) => PressAsync("Enter", 13, "\r", shift);

    public void Dispose() => _socket.Dispose();

    private async Task<JsonNode> ReadAsync(CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        ValueWebSocketReceiveResult read;
        do
        {
            read = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            bytes.Write(buffer, 0, read.Count);
        }
        while (!read.EndOfMessage);
        return JsonNode.Parse(bytes.ToArray())!;
    }

    private void Note(JsonNode happened)
    {
        switch ((string?)happened["method"])
        {
            case "Runtime.consoleAPICalled" or "Runtime.exceptionThrown" or "Log.entryAdded" or "Page.javascriptDialogOpening":
                Complaints.Add(happened.ToJsonString());
                break;
            case "Network.requestWillBeSent":
                Requests.Add((string)happened["params"]!["request"]!["url"]!);
                break;
        }
    }
}
