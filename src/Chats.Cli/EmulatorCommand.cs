using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats emulator</c>: the emulator as a program, until it is told to stop.</summary>
internal static class EmulatorCommand
{
    public static Command Create(Shell shell)
    {
        var port = new Option<int>("--port")
        {
            HelpName = "N",
            Description = "The port on 127.0.0.1. [default: a free one]",
            CustomParser = result =>
            {
                var isNumber = int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
                if (!isNumber || number > IPEndPoint.MaxPort)
                {
                    result.AddError($"--port needs a number from 0 to {IPEndPoint.MaxPort}, where 0 is any free one.");
                }

                return number;
            },
        };
        var notify = new Option<Uri?>("--notify")
        {
            HelpName = "URL",
            Description = "Where to post a PING and then a notification of every message, the first three included. [default: nowhere]",
            CustomParser = result =>
            {
                if (!Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                {
                    result.AddError("--notify needs a whole URL, http or https.");
                }

                return url;
            },
        };
        var command = new Command(
            "emulator",
            $"""
            Runs the emulated service on this machine until Ctrl-C or SIGTERM. It holds business 1 with chat 2 and its messages 1 to 3, and
            the keys {DemoData.FullKey} (reads and sends), {DemoData.ReadOnlyKey} and {DemoData.UselessKey}. Open its address in a browser
            to see the chats, write as the buyer and switch faults.
            """)
        {
            port,
            notify,
        };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(shell, parsed.GetValue(port), parsed.GetValue(notify), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, int port, Uri? notify, CancellationToken cancellationToken)
    {
        ChatsEmulator emulator;
        try
        {
            emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions { Port = port, ServesInbox = true }, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await shell.Error.WriteLineAsync(
                $"chats: Port {port} cannot be used: it is taken or not allowed. Choose another, or leave --port out.");
            return (int)ExitCode.NotSent;
        }

        await using (emulator)
        await using (var log = new CallLog(shell.Out))
        {
            var chat = DemoData.AddTo(emulator);
            log.Write($"listening on http://127.0.0.1:{emulator.BaseAddress.Port}");
            emulator.Requests.Recorded += request => log.Write(CallLog.Describe(request));
            emulator.Notifications.Attempted += attempt => log.Write(CallLog.Describe(attempt));
            try
            {
                await NotifyAsync(emulator.Notifications, notify, chat.Messages, cancellationToken);
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C is how it ends.
            }
        }

        return (int)ExitCode.Done;
    }

    /// <summary>A PING, as when a seller switches notifications on; then the messages that are there, so that a bot has work.</summary>
    private static async Task NotifyAsync(
        ChatsNotifications notifications, Uri? url, IReadOnlyList<EmulatedMessage> messages, CancellationToken cancellationToken)
    {
        if (url is null)
        {
            return;
        }

        notifications.Url = url;
        await notifications.PingAsync(cancellationToken);
        foreach (var message in messages)
        {
            notifications.Resend(message);
        }
    }
}
