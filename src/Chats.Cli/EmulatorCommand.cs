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
        var byDefault = new ChatsEmulatorOptions();
        var port = new CheckedOption<int>(
            "--port",
            "N",
            "The port. [default: a free one]",
            $"a number from 0 to {IPEndPoint.MaxPort}, where 0 means any free port",
            (text, out number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= IPEndPoint.MaxPort);
        var host = new CheckedOption<IPAddress>(
            "--host",
            "IP",
            """
            The local address to listen on; 0.0.0.0 means all of them, for example in a container. The emulator has no access control:
            anyone who can reach it can read and change everything in it. [default: 127.0.0.1]
            """,
            "an IP address, such as 0.0.0.0",
            IPAddress.TryParse);
        var quota = CreateLimit(
            "--hourly-quota", "How many calls of each operation a business may make in an hour; 0: no limit.", byDefault.HourlyQuota!.Value);
        var parallel = CreateLimit(
            "--parallel-limit", "How many calls of a business may be in progress at once; 0: no limit.", byDefault.ParallelLimit!.Value);
        var close = new Option<bool>("--close-connections")
        {
            Description = "Close the connection after each response without announcing it, as the service may do.",
        };
        var notify = new CheckedOption<Uri>(
            "--notify",
            "URL",
            """
            Where to post notifications: a PING, then every message, including the first three but not those of a saved state.
            [default: nowhere]
            """,
            "an absolute http or https URL",
            (text, out url) => Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme is "http" or "https");
        var retry = CallOptions.CreateSeconds(
            "--notify-retry", "How long to wait before a notification is sent again, in seconds. [default: as the service, a minute at first]");
        var state = new CheckedOption<string>(
            "--state",
            "FILE",
            """
            A JSON file with the businesses, chats, messages and keys. It is read at startup, or created, and written within half a
            second of each change, later if it is large, and at the end. Keys and texts are not encrypted; only the file's owner can read
            it. [default: none, nothing is saved]
            """,
            "the name of a file",
            (text, out name) => (name = text).Length > 0);
        var command = new Command(
            "emulator",
            $"""
            Runs an emulator of the service on this machine until Ctrl-C or SIGTERM. It has business 1 with chat 2 and messages 1 to 3, and
            the keys {DemoData.FullKey} (reads and sends), {DemoData.ReadOnlyKey} and {DemoData.KeyWithoutScopes}. Open its address in a browser
            to see the chats, write as the buyer and inject faults. With --state it has what is in the file. To add chats and keys, let it
            create a file, stop it and edit the file: every member is required, an unknown one is an error, and message ids are unique and
            increase within a chat. A key may have "businessId" and "revoked"; a message has "text", "attachments" or both.
            """)
        {
            port,
            host,
            state,
            notify,
            retry,
            quota,
            parallel,
            close,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            shell,
            new()
            {
                Host = parsed.GetValue(host) ?? byDefault.Host,
                Port = parsed.GetValue(port),
                ServeInbox = true,
                CloseConnections = parsed.GetValue(close),
                NotificationRetryDelay = parsed.GetValue(retry) is > 0 and var seconds ? _ => TimeSpan.FromSeconds(seconds) : byDefault.NotificationRetryDelay,
                HourlyQuota = parsed.GetValue(quota) is > 0 and var calls ? calls : null,
                ParallelLimit = parsed.GetValue(parallel) is > 0 and var atOnce ? atOnce : null,
            },
            parsed.GetValue(state),
            parsed.GetValue(notify),
            cancellationToken));
        return command;
    }

    private static CheckedOption<int> CreateLimit(string name, string description, int byDefault) => new(
        name,
        "N",
        description,
        "a whole number, where 0 means no limit",
        (text, out number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
    {
        DefaultValueFactory = _ => byDefault,
    };

    private static async Task<int> RunAsync(
        Shell shell, ChatsEmulatorOptions options, string? state, Uri? notify, CancellationToken cancellationToken)
    {
        using var file = state is null ? null : new StateFile(state);
        options.InitialState = file?.Content;
        ChatsEmulator emulator;
        try
        {
            emulator = await ChatsEmulator.StartAsync(options, CancellationToken.None);
        }
        catch (InvalidDataException exception) when (file is not null)
        {
            throw file.InvalidState(exception);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            shell.Warn(
                $"chats: Port {options.Port} cannot be used: it is in use or not permitted, or {options.Host} is not an address of this machine.");
            return ExitCode.NotSent;
        }

        await using (emulator)
        {
            if (!IPAddress.IsLoopback(options.Host))
            {
                shell.Warn(
                    $"chats: Warning: {options.Host} can be reached from other machines, and the emulator has no access control. " +
                    "Use only made-up keys and texts.");
            }

            var chat = file?.Content is null ? DemoData.AddTo(emulator) : null;
            file?.Keep(emulator, shell);
            await ServeAsync(shell, emulator, notify, chat?.Messages ?? [], cancellationToken);
        }

        return file is null || await file.FinishAsync(emulator, shell) ? ExitCode.Done : ExitCode.Unexpected;
    }

    private static async Task ServeAsync(
        Shell shell, ChatsEmulator emulator, Uri? notify, IReadOnlyList<EmulatedMessage> messages, CancellationToken cancellationToken)
    {
        await using var log = new CallLog(shell.Clock);
        log.Write($"listening on {emulator.BaseAddress.GetLeftPart(UriPartial.Authority)}");
        log.Follow(emulator);
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
