using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Consumers.Tests.Harness;

/// <summary><c>chats emulator</c>, for consumers that are programs.</summary>
internal sealed class EmulatorTool : IDisposable
{
    private const string Greeting = "listening on ";
    private const string Key = "demo-all";

    private readonly Process _process;

    /// <summary>From the package of the tool.</summary>
    public EmulatorTool()
        : this(Feed.Outside.Path, Feed.Tool, ["emulator"])
    {
    }

    public EmulatorTool(string folder, string program, string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_ROOT"] = DotNetRoot },
        })!;
        var greeting = _process.StandardOutput.ReadLine();
        if (greeting?.StartsWith(Greeting, StringComparison.Ordinal) != true)
        {
            Dispose();
            throw new InvalidOperationException($"The emulator does not start: {greeting}");
        }

        BaseAddress = $"{greeting[Greeting.Length..]}/v2/";
        // Its log: nobody needs it, but the pipes must not run full.
        _ = _process.StandardOutput.ReadToEndAsync();
        Errors = _process.StandardError.ReadToEndAsync();
    }

    public static string DotNetRoot { get; } = Path.GetDirectoryName(Environment.ProcessPath)!;

    public string BaseAddress { get; }

    /// <summary>What it has written to standard error when it has ended.</summary>
    public Task<string> Errors { get; }

    /// <summary>Runs a program that finds key and address where the configuration of .NET looks for them.</summary>
    public CommandLine Run(params string[] command) => CommandLine.Run(Feed.Outside.Path, command[0], command[1..], new()
    {
        ["Chats__ApiKey"] = Key,
        ["Chats__BaseAddress"] = BaseAddress,
        ["DOTNET_ROOT"] = DotNetRoot,
        ["LC_ALL"] = "C.UTF-8",
        // Nothing listens there: the emulator is on loopback, and must be reached without a proxy.
        ["HTTP_PROXY"] = "http://127.0.0.1:1",
        ["ALL_PROXY"] = "http://127.0.0.1:1",
        ["http_proxy"] = "http://127.0.0.1:1",
        ["all_proxy"] = "http://127.0.0.1:1",
        ["NO_PROXY"] = null,
        ["no_proxy"] = null,
    });

    /// <summary>The text of a message that the emulator holds.</summary>
    public async Task<string?> TextAsync(int message)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "Api-Key", Key } } };
        var response = await http.GetStringAsync($"{BaseAddress}businesses/1/chats/message?chatId=2&messageId={message}");
        return JsonNode.Parse(response)!["result"]!["message"]?.GetValue<string>();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
