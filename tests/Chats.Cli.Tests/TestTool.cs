using System.Net;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>The tool in this process, in a world made for it.</summary>
internal sealed class TestTool
{
    public Dictionary<string, string> Environment { get; } = new() { ["CHATS_API_KEY"] = "demo-all" };

    public TextReader Input { get; init; } = new StringReader("");

    public TextWriter? Output { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public IWebProxy Proxy { get; init; } = new WebProxy();

    public bool IsTerminal { get; init; }

    public async Task<Ran> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken = default)
    {
        using var error = new StringWriter();
        using var output = new StringWriter();
        var code = await Tool.RunAsync(args, ShellOver(Output ?? output, error), cancellationToken);
        return new Ran(code, output.ToString(), error.ToString());
    }

    public Shell ShellOver(TextWriter output, TextWriter error) => new()
    {
        In = Input,
        Out = output,
        Error = error,
        Environment = Environment.GetValueOrDefault,
        InputIsTerminal = IsTerminal,
        OutputIsTerminal = IsTerminal,
        Clock = Clock,
        Proxy = Proxy,
    };
}
