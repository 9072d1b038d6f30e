using System.CommandLine;
using System.Globalization;
using System.Text;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats get</c>: prints one message.</summary>
internal static class GetCommand
{
    public static Command Create(Shell shell)
    {
        var options = new CallOptions();
        var id = CallOptions.CreateNumber("--message", "The id of the message, from the notification.");
        var command = options.CreateCommand("get", $"Prints one message of a chat. The key comes from {CallOptions.KeyVariable}.", id);
        command.SetAction((parsed, cancellationToken) => options.CallAsync(
            shell,
            parsed,
            isSend: false,
            async (client, _) => Describe(await client.GetChatMessageAsync(
                parsed.GetValue(options.Business), parsed.GetValue(options.Chat), parsed.GetValue(id), cancellationToken)),
            cancellationToken));
        return command;
    }

    private static Outcome Describe(ChatMessage message)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"message {message.MessageId} · {message.Sender} · {message.CreatedAt:yyyy-MM-dd HH:mm:ss zzz}");
        if (message.Message is { } words)
        {
            // Indented, so that no line of it can pass for one of ours.
            var indented = Safe.Text(words).Replace("\n", Environment.NewLine + "  ", StringComparison.Ordinal);
            text.AppendLine().AppendLine().Append("  ").Append(indented);
        }

        if (message.Payload is { Count: > 0 } files)
        {
            text.AppendLine();
            foreach (var file in files)
            {
                text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {Safe.Line(file.Name)} · {file.Size} bytes · {Safe.Line(file.Url)}");
            }
        }

        return new Outcome(ExitCode.Done, text.ToString(), new JObject { ["message"] = JObject.FromObject(message) });
    }
}
