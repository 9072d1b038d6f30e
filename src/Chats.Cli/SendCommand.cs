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
            Description = "The text. Without this it is the standard input (after the key's line, if that is there), less one last line break.",
        };
        var command = new Command(Name, $"Sends a text to the buyer of a chat, once. The key comes from {ApiKey.Variable}.");
        options.AddTo(command);
        command.Options.Insert(2, textOption);
        var call = new ServiceCall(shell, options, isSend: true);
        command.SetAction((parsed, cancellationToken) => call.RunAsync(
            parsed,
            async (key, stop) =>
            {
                var text = parsed.GetValue(textOption) is { } given
                    ? NoOption(given, command)
                    : await ReadAsync(shell, stop);
                Check(text, key);
                return async client =>
                {
                    await client.SendMessageToChatAsync(parsed.GetValue(options.Business), parsed.GetValue(options.Chat), text, stop);
                    return new Outcome(ExitCode.Done, "sent", new JObject { ["sent"] = "yes" });
                };
            },
            cancellationToken));
        return command;
    }

    /// <summary>A forgotten or empty variable, <c>--text $TEXT --json</c>, must not send the buyer an option.</summary>
    private static string NoOption(string text, Command command) =>
        command.Options.Any(option => option.Name == text)
            ? throw new UsageException("--text has no text: the name of an option follows. A text that is one comes through standard input.")
            : text;

    private static async Task<string> ReadAsync(Shell shell, CancellationToken cancellationToken)
    {
        if (shell.InputIsTerminal)
        {
            await shell.Error.WriteLineAsync(
                $"Type the text, and end it with {(OperatingSystem.IsWindows() ? "Ctrl-Z and Enter" : "Ctrl-D")} on a line of its own:");
        }

        var text = await Shell.ReadAsync(shell.In.ReadToEnd, cancellationToken);
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }

    private static void Check(string text, string key)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new UsageException("The text is empty. Give one with --text or on standard input.");
        }

        // As happens when the key is piped in and --key-stdin forgotten.
        if (text.Contains(key, StringComparison.Ordinal))
        {
            throw new UsageException("The text holds the key, which no buyer should get. A key on standard input needs --key-stdin.");
        }
    }
}
