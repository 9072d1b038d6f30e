using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Cli;

/// <summary>The tool as a function: arguments in, exit code out.</summary>
internal static partial class Tool
{
    // A text may start with @, which must not name a file to read more arguments from.
    private static readonly ParserConfiguration _parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(IReadOnlyList<string> args, Shell shell, CancellationToken cancellationToken)
    {
        // Not a RootCommand, which takes its name from the file.
        var root = new Command("chats", "Reads and answers buyers' chat messages on Yandex Market. To try it without a key: chats demo")
        {
            Demo.Create(shell),
            Doctor.Create(shell),
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

    /// <summary>What is wrong with the arguments. Of the unrecognized ones only what looks like an option is quoted: another could be a key.</summary>
    private static string Explain(ParseResult parsed, Command root)
    {
        var unknown = parsed.UnmatchedTokens;
        var named = unknown.Where(token => OptionName().IsMatch(token)).ToList();
        var hidden = unknown.Count - named.Count;
        string[] listed = [.. named, .. hidden == 0 ? Array.Empty<string>() : [$"{hidden} not shown, because one could be a key"]];
        var faults = parsed.Errors
            .Where(error => unknown.Count == 0 || error.SymbolResult is OptionResult)
            .Select(error => error.Message)
            .Append(unknown.Count == 0 ? null : $"Unrecognized arguments: {string.Join(", ", listed)}.")
            .OfType<string>();
        var command = parsed.CommandResult.Command;
        return $"{string.Join(" ", faults)} See chats {(command == root ? "" : command.Name + " ")}--help";
    }

    [GeneratedRegex("^--[a-z-]{1,24}$")]
    private static partial Regex OptionName();

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
