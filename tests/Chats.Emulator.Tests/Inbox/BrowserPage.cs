using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Emulator.Tests.Inbox;

/// <summary>A page of a browser, controlled by the DevTools protocol: a call has an id, and its response has the same.</summary>
internal sealed class BrowserPage : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private int _calls;

    /// <summary>Console output, exceptions, and violations of the policy.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>The URL of every request of the page.</summary>
    public List<string> Requests { get; } = [];

    public static async Task<BrowserPage> OpenAsync(Chromium chromium, string address)
    {
        using var http = new HttpClient();
        var pages = JsonNode.Parse(await http.GetStringAsync($"http://127.0.0.1:{chromium.DevTools.Port}/json/list"))!.AsArray();
        var page = new BrowserPage();
        await page._socket.ConnectAsync(new Uri((string)pages.First(it => (string?)it!["type"] == "page")!["webSocketDebuggerUrl"]!), default);
        foreach (var domain in new[] { "Runtime", "Log", "Network", "Page" })
        {
            await page.CallAsync($"{domain}.enable");
        }

        await page.CallAsync("Page.navigate", new() { ["url"] = address });
        return page;
    }

    public async Task<JsonNode> CallAsync(string method, JsonObject? parameters = null)
    {
        using var patience = new CancellationTokenSource(Until.Patience);
        var call = new JsonObject { ["id"] = ++_calls, ["method"] = method, ["params"] = parameters ?? [] };
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(call), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        while (true)
        {
            var response = await ReadAsync(patience.Token);
            if ((int?)response["id"] == _calls)
            {
                return response["result"] ?? throw new InvalidOperationException($"{method}: {response["error"]}");
            }

            Note(response);
        }
    }

    public async Task<string?> EvaluateAsync(string expression)
    {
        var response = await CallAsync("Runtime.evaluate", new() { ["expression"] = $"String({expression})", ["returnByValue"] = true });
        return (string?)response["result"]!["value"];
    }

    public async Task UntilAsync(string condition)
    {
        using var patience = new CancellationTokenSource(Until.Patience);
        while (await EvaluateAsync(condition) != "true")
        {
            Assert.That(patience.IsCancellationRequested, Is.False, $"Still not: {condition}\n{string.Join('\n', Errors)}");

            // The browser is another process with its own clock.
            await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <summary>Inserts a text as an input method does.</summary>
    public Task TypeAsync(string text) => CallAsync("Input.insertText", new() { ["text"] = text });

    public async Task PressAsync(string key, int code, string? text = null, bool shift = false)
    {
        var press = new JsonObject { ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code, ["modifiers"] = shift ? 8 : 0 };
        var down = press.DeepClone().AsObject();
        (down["type"], down["text"]) = (text is null ? "rawKeyDown" : "keyDown", text ?? "");
        press["type"] = "keyUp";
        await CallAsync("Input.dispatchKeyEvent", down);
        await CallAsync("Input.dispatchKeyEvent", press);
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

    private void Note(JsonNode notification)
    {
        switch ((string?)notification["method"])
        {
            case "Runtime.consoleAPICalled" or "Runtime.exceptionThrown" or "Log.entryAdded" or "Page.javascriptDialogOpening":
                Errors.Add(notification.ToJsonString());
                break;
            case "Network.requestWillBeSent":
                Requests.Add((string)notification["params"]!["request"]!["url"]!);
                break;
        }
    }
}
