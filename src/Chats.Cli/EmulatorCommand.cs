using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats emulator</c>: the emulator as a program, until it is stopped.</summary>
internal static class EmulatorCommand
{
    public static Command Create(Shell shell)
    {
        var port = new CheckedOption<int>(
            "--port",
            $"a number from 0 to {IPEndPoint.MaxPort}, where 0 is any free one",
            (text, out number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= IPEndPoint.MaxPort)
        {
            HelpName = "N",
            Description = "The port. [default: a free one]",
        };
        var host = new CheckedOption<IPAddress>("--host", "an IP address, such as 0.0.0.0", IPAddress.TryParse)
        {
            HelpName = "IP",
            Description = """
                The address of this machine to listen on, such as 0.0.0.0 for all of them, as a container needs. The emulator protects nothing:
                with any other than the default, whoever reaches it can read and change all that it holds. [default: 127.0.0.1]
                """,
        };
        var notify = new CheckedOption<Uri>(
            "--notify",
            "a whole URL, http or https",
            (text, out url) => Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme is "http" or "https")
        {
            HelpName = "URL",
            Description = """
                Where to post a PING and then a notification of every message, the first three included but not those of a state that was
                saved before. [default: nowhere]
                """,
        };
        var state = new Option<string?>("--state")
        {
            HelpName = "FILE",
            Description = """
                A JSON file for businesses, chats, messages and keys: read at the start, or made if there is none; written within half a second
                of each change and at the end. The keys and texts stand in it as they are, and only its owner may read it. [default: none,
                and all is forgotten at the end]
                """,
        };
        var command = new Command(
            "emulator",
            $"""
            Runs the emulated service on this machine until Ctrl-C or SIGTERM. It holds business 1 with chat 2 and its messages 1 to 3, and
            the keys {DemoData.FullKey} (reads and sends), {DemoData.ReadOnlyKey} and {DemoData.UselessKey}. Open its address in a browser
            to see the chats, write as the buyer and switch faults. With --state it holds what the file says; to have other chats and keys,
            let it make a file, stop it and edit the file: every member in it is needed, an unknown one is an error, the numbers of messages
            are unique and rise within a chat. A key may have "businessId" and "revoked", a message "text", "attachments" or both.
            """)
        {
            port,
            host,
            state,
            notify,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            shell,
            new IPEndPoint(parsed.GetValue(host) ?? IPAddress.Loopback, parsed.GetValue(port)),
            parsed.GetValue(state),
            parsed.GetValue(notify),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, IPEndPoint endPoint, string? state, Uri? notify, CancellationToken cancellationToken)
    {
        using var file = state is null ? null : new StateFile(state);
        ChatsEmulator emulator;
        try
        {
            if (file?.Content is { Length: 0 })
            {
                throw new InvalidDataException("line 1: there is nothing in it.");
            }

            emulator = await ChatsEmulator.StartAsync(
                new() { Host = endPoint.Address, Port = endPoint.Port, ServesInbox = true, InitialState = file?.Content }, CancellationToken.None);
        }
        catch (InvalidDataException exception) when (file is not null)
        {
            throw file.NoState(exception);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await shell.Error.WriteLineAsync(
                $"chats: Port {endPoint.Port} cannot be used: it is taken or not allowed, or {endPoint.Address} is not an address of this machine.");
            return (int)ExitCode.NotSent;
        }

        await using (emulator)
        {
            if (!IPAddress.IsLoopback(endPoint.Address))
            {
                await shell.Error.WriteLineAsync(
                    $"chats: Warning: {endPoint.Address} can be reached from other machines, and the emulator protects nothing. " +
                    "Use made-up keys and texts only.");
            }

            var chat = file?.Content is null ? DemoData.AddTo(emulator) : null;
            file?.Keep(emulator, shell.Error);
            await ServeAsync(shell, emulator, notify, chat?.Messages ?? [], cancellationToken);
        }

        return (int)(file is null || await file.FinishAsync(emulator, shell.Error) ? ExitCode.Done : ExitCode.Unexpected);
    }

    private static async Task ServeAsync(
        Shell shell, ChatsEmulator emulator, Uri? notify, IReadOnlyList<EmulatedMessage> messages, CancellationToken cancellationToken)
    {
        await using var log = new CallLog();
        log.Write($"listening on {emulator.BaseAddress.GetLeftPart(UriPartial.Authority)}");
        emulator.Requests.Recorded += request => log.Write(CallLog.Describe(request));
        emulator.Notifications.Attempted += attempt => log.Write(CallLog.Describe(attempt));
        // Whoever reads the address may call at once: the log must be ready before that.
        log.Start(shell.Out);
        try
        {
            if (notify is not null)
            {
                // A PING, as when a seller turns notifications on; then the messages that are there, so that a bot has work.
                emulator.Notifications.Url = notify;
                await emulator.Notifications.PingAsync(cancellationToken);
                foreach (var message in messages)
                {
                    emulator.Notifications.Resend(message);
                }
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how it ends.
        }
    }
}
