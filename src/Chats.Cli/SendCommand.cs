using System.CommandLine;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats send</c>: sends one text.</summary>
internal static class SendCommand
{
    public const string Name = "send";

    public static Command Create(Shell shell)
    {
        var options = new CallOptions();
        var textOption = new Option<string?>("--text")
        {
            HelpName = "T",
            Description = "The text. If omitted, it is read from standard input (after the line with the key, if any), without its trailing line break.",
        };
        var description = $"Sends a text to the buyer of a chat, once. The key comes from {CallOptions.KeyVariable}.";
        return options.CreateCommand(Name, description, textOption, shell, async (parsed, cancellationToken) =>
        {
            using var client = await options.ConnectAsync(shell, parsed, cancellationToken);
            var text = parsed.GetValue(textOption) ?? await ReadAsync(shell, cancellationToken);
            // A forgotten or empty variable, as in "--text $TEXT --json", must not send the buyer an option.
            var all = parsed.CommandResult.Command.Options.Concat(parsed.RootCommandResult.Command.Options);
            if (parsed.GetResult(textOption) is not null && all.Any(option => option.Name == text || option.Aliases.Contains(text)))
            {
                throw new UsageException("--text is followed by the name of an option instead of a text. To send such a text, use standard input.");
            }

            // .NET puts it in place of an argument's bytes that are not UTF-8; standard input rejects those.
            if (parsed.GetResult(textOption) is not null && text.Contains('\uFFFD', StringComparison.Ordinal))
            {
                throw new UsageException("The text contains U+FFFD: its bytes may not be UTF-8. Pass it on standard input instead of --text.");
            }

            if (string.IsNullOrWhiteSpace(text))
            {
                throw new UsageException("The text is empty. Pass one with --text or on standard input.");
            }

            // This happens when the key is piped in and --key-stdin forgotten.
            if (text.Contains(shell.Key!, StringComparison.Ordinal))
            {
                throw new UsageException("The text contains the key, which must not reach a buyer. If standard input begins with the key, add --key-stdin.");
            }

            shell.IsSending = true;
            await client.SendMessageToChatAsync(parsed.GetValue(options.Business), parsed.GetValue(options.Chat), text, cancellationToken);
            return new Outcome(ExitCode.Done, "sent", new JObject { ["sent"] = "yes" });
        });
    }

    private static async Task<string> ReadAsync(Shell shell, CancellationToken cancellationToken)
    {
        if (shell.InputIsTerminal)
        {
            shell.Warn(
                $"Type the text, and end it with {(OperatingSystem.IsWindows() ? "Ctrl-Z and Enter" : "Ctrl-D")} on a line of its own:");
        }

        var text = await shell.ReadAsync(shell.In.ReadToEnd, "the text on standard input; or pass --text", cancellationToken);
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }
}
