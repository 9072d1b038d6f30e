using System.CommandLine;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats get</c>: prints one message.</summary>
internal static class GetCommand
{
    public static Command Create(Shell shell)
    {
        var options = new CallOptions();
        var id = CallOptions.CreateNumber("--message", "The id of the message, from the notification.");
        var description = $"Prints one message of a chat. The key comes from {CallOptions.KeyVariable}.";
        return options.CreateCommand("get", description, id, shell, async (parsed, cancellationToken) =>
        {
            using var client = await options.ConnectAsync(shell, parsed, cancellationToken);
            return Describe(await client.GetChatMessageAsync(
                parsed.GetValue(options.Business), parsed.GetValue(options.Chat), parsed.GetValue(id), cancellationToken));
        });
    }

    private static Outcome Describe(ChatMessage message)
    {
        var lines = new List<string> { $"message {message.MessageId} · {message.Sender} · {message.CreatedAt:yyyy-MM-dd HH:mm:ss zzz}" };
        if (message.Message is { } words)
        {
            // Indented, so that no line of it can pass for one of the tool's own.
            lines.AddRange(["", .. Safe.Text(words).Split('\n').Select(line => "  " + line)]);
        }

        if (message.Payload is { Count: > 0 } files)
        {
            lines.AddRange(["", .. files.Select(file => $"  {Safe.Line(file.Name)} · {file.Size} bytes · {Safe.Line(file.Url)}")]);
        }

        return new Outcome(ExitCode.Done, string.Join(Environment.NewLine, lines), new JObject { ["message"] = JObject.FromObject(message) });
    }
}
