using System.CommandLine;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats doctor</c>: says what is wrong where a call fails, and what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create(Shell shell)
    {
        var options = new CallOptions();
        var message = CallOptions.CreateNumber("--message", "The id of one of the chat's messages.");
        // The ids, which the other commands require, are optional here; with them the read says more.
        options.Business.Required = options.Chat.Required = message.Required = false;
        var command = options.CreateCommand(
            "doctor",
            $"""
            Checks the key from {CallOptions.KeyVariable}, the proxy, the host name, the connection, the clock and one read (getChatMessage,
            which changes nothing but counts against the hourly quota), and says what is wrong and what to do. Pass a business to check the
            key's access to it, and a chat and a message to read an existing message; its text is not printed.
            """,
            message);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            long? Given(Option<long> option) => parsed.GetResult(option) is null ? null : parsed.GetValue(option);
            // The address is checked as the client would, before the key is known.
            options.ToClientOptions(parsed, "unknown").Validate();
            var doctor = new Doctor(
                shell,
                options.ToClientOptions(parsed, key: null),
                (Given(options.Business), Given(options.Chat), Given(message)),
                token => options.ReadKeyAsync(shell, parsed, token));
            var outcome = await doctor.ExamineAsync(cancellationToken);
            return outcome.Report(shell, options.IsJson(parsed));
        });
        return command;
    }
}
