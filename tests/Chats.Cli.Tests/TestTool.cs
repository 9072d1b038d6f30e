using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>Tests against an emulator with the demo's data, each with one of its own.</summary>
public abstract class ServiceFixture
{
    protected ChatsEmulator Emulator { get; private set; } = null!;

    protected EmulatedChat Chat { get; private set; } = null!;

    [SetUp]
    public async Task StartAsync()
    {
        Emulator = await ChatsEmulator.StartAsync();
        Chat = DemoData.AddTo(Emulator);
    }

    [TearDown]
    public ValueTask StopAsync() => Emulator.DisposeAsync();

    protected string[] Get(params string[] more) => With(["get", "--business", "1", "--chat", "2"], more.Contains("--message") ? more : ["--message", "2", .. more]);

    protected string[] Send(params string[] more) => With(["send", "--business", "1", "--chat", "2"], more);

    /// <summary>The arguments, and those that lead to the emulator.</summary>
    protected string[] With(string[] args, params string[] more) => [.. args, "--base-address", $"{Emulator.BaseAddress}", .. more];
}

/// <summary>The tool in this process, with streams and an environment of its own.</summary>
internal sealed class TestTool
{
    public Dictionary<string, string?> Environment { get; } = new() { ["CHATS_API_KEY"] = "demo-all" };

    public TextReader Input { get; init; } = new StringReader("");

    public TextWriter? Output { get; init; }

    public TextWriter? Error { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public IWebProxy Proxy { get; init; } = new WebProxy();

    public bool IsTerminal { get; init; }

    public async Task<Ran> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken = default)
    {
        var shell = CreateShell();
        var code = await Tool.RunAsync(args, shell, cancellationToken);
        return new Ran(code, $"{shell.Out}", $"{shell.Error}");
    }

    public Shell CreateShell() => new()
    {
        In = Input,
        Out = Output ?? new StringWriter(),
        Error = Error ?? new StringWriter(),
        Environment = Environment.GetValueOrDefault,
        InputIsTerminal = IsTerminal,
        Clock = Clock,
        Proxy = Proxy,
    };
}

/// <summary>The result of a run of the tool.</summary>
internal sealed record Ran(int ExitCode, string Out, string Error)
{
    public JObject Json => JObject.Parse(Out);

    public string All => Out + Error;
}

/// <summary>A key and a text that no output may quote unless it was asked for. Both are words that the tool itself never uses.</summary>
internal static class Secret
{
    public const string Key = "ACMA:kanarienvogelkanarienvogelkanarienvogelka:kanarien";
    public const string Text = "Zitronenfalter-\u0416\u0443\u043a";

    public static TestTool Tool() => new() { Environment = { ["CHATS_API_KEY"] = Key } };

    public static void AssertNotIn(string output) =>
        Assert.That(output, Does.Not.Contain("kanarien").IgnoreCase.And.Not.Contains("Zitronenfalter").And.Not.Contains("\u0416\u0443\u043a"));
}

/// <summary>A stream that throws what .NET makes of an error of the system: a closed one is no IOException.</summary>
internal sealed class BrokenWriter(Type error) : TextWriter
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        Interlocked.Increment(ref _calls);
        throw (Exception)Activator.CreateInstance(error)!;
    }
}
