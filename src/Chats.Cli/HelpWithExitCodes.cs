using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace YandexMarket.Chats.Cli;

/// <summary>The usual help, with what a script has to know at its end.</summary>
internal sealed class HelpWithExitCodes : SynchronousCommandLineAction
{
    private readonly HelpAction _usual = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var result = _usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(ExitCodes.Help);
        return result;
    }
}
