using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace YandexMarket.Chats.Cli;

/// <summary>The tool as a function: arguments in, exit code out.</summary>
internal static class Tool
{
    // A text may start with @, which must not name a file to read more arguments from.
    private static readonly ParserConfiguration _parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(IReadOnlyList<string> args, Shell shell, CancellationToken cancellationToken)
    {
        // Not a RootCommand, which takes its name from the file.
        var root = new Command("chats", "Reads and answers buyers' chat messages on Yandex Market. To try it without a key: chats demo")
        {
            DemoCommand.Create(shell),
            DoctorCommand.Create(shell),
            GetCommand.Create(shell),
            SendCommand.Create(shell),
            EmulatorCommand.Create(shell),
            new HelpOption { Action = new HelpWithExitCodes(), Recursive = true },
            new VersionOption(),
        };
        var parsed = root.Parse(args.Count > 0 ? args : ["--help"], _parsing);
        try
        {
            if (parsed.Errors.Count > 0)
            {
                throw new UsageException(Explain(parsed, root));
            }

            var invocation = new InvocationConfiguration
            {
                Output = shell.Out,
                Error = shell.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (Exception exception)
        {
            var isSend = parsed.CommandResult.Command.Name == SendCommand.Name;
            var isJson = parsed.Errors.Count > 0 ? IsJson(args) : parsed.GetResult("--json") is OptionResult json && json.GetValueOrDefault<bool>();
            return Outcome.Of(exception, isSend, shell).Report(shell, isJson);
        }
    }

    /// <summary>Whether JSON is asked for, whatever is wrong with the other arguments.</summary>
    private static bool IsJson(IReadOnlyList<string> args)
    {
        var json = CallOptions.CreateJson();
        return new Command("chats") { json }.Parse(args, _parsing).GetValue(json);
    }

    /// <summary>What is wrong with the arguments. Unrecognized ones are counted but not quoted: one of them could be a key.</summary>
    private static string Explain(ParseResult parsed, Command root)
    {
        var unknown = parsed.UnmatchedTokens.Count;
        var faults = parsed.Errors
            .Where(error => unknown == 0 || error.SymbolResult is OptionResult)
            .Select(error => error.Message)
            .Append(unknown == 0 ? null : $"Unrecognized arguments: {unknown} (not shown, because one could be a key).")
            .OfType<string>();
        var command = parsed.CommandResult.Command;
        return $"{string.Join(" ", faults)} See chats {(command == root ? "" : command.Name + " ")}--help";
    }

    private sealed class HelpWithExitCodes : SynchronousCommandLineAction
    {
        private readonly HelpAction _usual = new();

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var result = _usual.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(ExitCode.Help);
            return result;
        }
    }
}
