using System.CommandLine;
using System.Runtime.CompilerServices;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats demo</c>: each step is checked against the emulator's record, not only against what the client says.</summary>
internal sealed class Demo(ChatsEmulator emulator, Shell shell)
{
    private readonly List<int> _failed = [];
    private int _steps;

    public ChatsEmulator Emulator { get; } = emulator;

    public EmulatedChat Chat { get; } = DemoData.AddTo(emulator);

    /// <summary>Its key may do everything. All clients are settable, so that a test can replace one with a client that has a defect.</summary>
    public required IChatsClient Client { get; set; }

    /// <summary>Its key may only read, which only the service knows.</summary>
    public required IChatsClient ReadOnlyClient { get; set; }

    /// <summary>Its key may only read, and its options say so.</summary>
    public required IChatsClient InformedReadOnlyClient { get; set; }

    public static Command Create(Shell shell)
    {
        var command = new Command("demo", "Shows a complete conversation with an emulated service in this process. It needs no key and no network.");
        command.SetAction((_, cancellationToken) => RunAsync(shell, _ => { }, cancellationToken));
        return command;
    }

    /// <summary>Plays the demo; a test changes it first, to prove that a step can fail.</summary>
    public static async Task<int> RunAsync(Shell shell, Action<Demo> prepare, CancellationToken cancellationToken)
    {
        await using var emulator = await ChatsEmulator.StartAsync(cancellationToken: cancellationToken);
        ChatsClient Connect(string key, string[]? scopes = null) =>
            new(new ChatsClientOptions { ApiKey = key, BaseAddress = emulator.BaseAddress, GrantedScopes = scopes });
        using var client = Connect(DemoData.FullKey);
        using var readOnly = Connect(DemoData.ReadOnlyKey);
        using var informed = Connect(DemoData.ReadOnlyKey, [ChatsScopes.AllMethodsReadOnly]);
        var demo = new Demo(emulator, shell) { Client = client, ReadOnlyClient = readOnly, InformedReadOnlyClient = informed };
        prepare(demo);
        return await demo.PlayAsync(cancellationToken);
    }

    private async Task<int> PlayAsync(CancellationToken cancellationToken)
    {
        shell.Out.WriteLine(
            $"chats demo  a client and an emulated service at {Emulator.BaseAddress}; nothing leaves this machine{Environment.NewLine}");
        var client = Client;
        await StepAsync(
            "A buyer has sent a message with a photo",
            () => client.GetChatMessageAsync(businessId: 1, chatId: 2, messageId: 2),
            seen => [("the same text and file as in the chat", IsSame(seen.Message, Chat.FindMessage(2)))]);

        await StepAsync(
            "We reply",
            () => client.SendMessageToChatAsync(businessId: 1, chatId: 2, "It is: the lampshade is under the foam."),
            seen => [Returned(seen), DeliveredOnce(seen, "It is: the lampshade is under the foam.")]);

        await StepAsync(
            "The reply is in the chat",
            () => client.GetChatMessageAsync(businessId: 1, chatId: 2, messageId: 4),
            seen => [("from us, and the text that was sent", IsSame(seen.Message, Chat.FindMessage(4)) && seen.Message is
                { Sender: ChatMessageSender.Partner, Message: "It is: the lampshade is under the foam." })]);

        var readOnlyClient = ReadOnlyClient;
        await StepAsync(
            "A read-only key: the service rejects the send",
            () => readOnlyClient.SendMessageToChatAsync(businessId: 1, chatId: 2, "May I?"),
            seen => [Refused(seen, 403, "FORBIDDEN"), NothingDelivered(seen)]);

        readOnlyClient = InformedReadOnlyClient;
        await StepAsync(
            "The same key, with GrantedScopes set: the client makes no request",
            () => readOnlyClient.SendMessageToChatAsync(businessId: 1, chatId: 2, "May I?"),
            seen =>
            [
                ("rejected by the client, certainly not sent", seen.Exception is ChatsScopeException { MayHaveBeenSent: false }),
                ("no request reached the service", seen.Requests.Length == 0 && seen.NewMessages.Length == 0),
            ]);

        await StepAsync(
            "A chat that does not exist",
            () => client.SendMessageToChatAsync(businessId: 1, chatId: 404, "Is anybody there?"),
            seen => [Refused(seen, 404, "NOT_FOUND"), NothingDelivered(seen)]);

        Emulator.Faults.Next(ChatsFault.ResponseLost, operation: EmulatedOperation.SendMessageToChat);
        await StepAsync(
            "The service accepts the text, but its response is lost",
            () => client.SendMessageToChatAsync(businessId: 1, chatId: 2, "Does it light up now?"),
            seen =>
            [
                ("the client says that it may have been sent", seen.Exception is ChatsConnectionException { MayHaveBeenSent: true }),
                DeliveredOnce(seen, "Does it light up now?"),
            ]);

        shell.Out.WriteLine(_failed.Count == 0
            ? $"All {_steps} steps passed. Sending again after the last step would have delivered the text twice."
            : $"Failed: step {string.Join(", ", _failed)} of {_steps}.");
        return _failed.Count == 0 ? ExitCode.Done : ExitCode.Unexpected;

        // The code is the C# that is run, as the compiler sees it.
        async Task StepAsync(
            string title, Func<Task> call, Func<DemoCall, (string Claim, bool Holds)[]> check, [CallerArgumentExpression(nameof(call))] string code = "")
        {
            cancellationToken.ThrowIfCancellationRequested();
            var seen = await CallAsync(call).WaitAsync(cancellationToken);
            shell.Out.WriteLine($"{++_steps}  {title}");
            shell.Out.WriteLine($"   {code.Replace("() =>", "await", StringComparison.Ordinal)};");
            foreach (var (i, text) in Describe(seen).Index())
            {
                shell.Out.WriteLine($"   {(i == 0 ? "→" : " ")} {Safe.Line(text)}");
            }

            var checks = check(seen);
            foreach (var (claim, holds) in checks)
            {
                shell.Out.WriteLine($"   {(holds ? "✓" : "✗ FAILED:")} {claim}");
            }

            shell.Out.WriteLine();
            if (checks.Any(it => !it.Holds))
            {
                _failed.Add(_steps);
            }
        }
    }

    private async Task<DemoCall> CallAsync(Func<Task> call)
    {
        var requestsBefore = Emulator.Requests.Total;
        var lastMessage = Chat.Messages[^1].Id;
        ChatMessage? message = null;
        Exception? exception = null;
        try
        {
            var task = call();
            await task;
            message = (task as Task<ChatMessage>)?.Result;
        }
        catch (Exception thrown)
        {
            exception = thrown;
        }

        return new DemoCall(
            message,
            exception,
            [.. Emulator.Requests.Where(request => request.Number > requestsBefore)],
            [.. Chat.Messages.Where(it => it.Id > lastMessage)]);
    }

    private static (string, bool) Returned(DemoCall seen) => ("the client says that it was sent", seen.Exception is null);

    private static (string, bool) Refused(DemoCall seen, int status, string code) => (
        $"rejected with {status} {code}, certainly not sent",
        seen.Exception is ChatsApiException { MayHaveBeenSent: false } api
            && api.StatusCode == status
            && api.Errors.Any(error => error.Code == code));

    private static (string, bool) NothingDelivered(DemoCall seen) => (
        "one request reached the service, which delivered nothing",
        seen.Requests is [{ WasDelivered: false }] && seen.NewMessages.Length == 0);

    private static (string, bool) DeliveredOnce(DemoCall seen, string text) => (
        "one request reached the service, and the buyer has the text once",
        seen.Requests is [{ WasDelivered: true } request]
            && seen.NewMessages is [var message]
            && message.Text == text
            && message.Id == request.DeliveredMessageId);

    private static bool IsSame(ChatMessage? read, EmulatedMessage? truth) =>
        read is not null && truth is not null
        && (read.MessageId, read.Message, read.CreatedAt) == (truth.Id, truth.Text, truth.CreatedAt)
        && string.Equals(read.Sender.ToString(), truth.Sender, StringComparison.OrdinalIgnoreCase)
        && (read.Payload ?? []).Select(file => (file.Name, file.Url, file.Size))
            .SequenceEqual(truth.Attachments.Select(file => (file.Name, file.Url, (long)file.Size)));

    /// <summary>What a user of the client sees.</summary>
    private static IEnumerable<string> Describe(DemoCall call) => call switch
    {
        { Exception: ChatsException exception } =>
        [
            exception.GetType().Name
                + (exception is ChatsApiException api ? $" · {api.StatusCode} {string.Join(", ", api.Errors.Select(error => error.Code))}" : "")
                + $" · MayHaveBeenSent = {(exception.MayHaveBeenSent ? "true" : "false")}",
        ],
        { Exception: { } exception } => [exception.GetType().Name],
        { Message: { } message } =>
        [
            $"{message.Sender}: {message.Message}",
            .. (message.Payload ?? []).Select(file => $"{file.Name} · {file.Size} bytes · {file.Url}"),
        ],
        _ => ["returned: the service accepted the text"],
    };

    /// <summary>A call seen from both ends: what the client returned or threw, and what reached the emulator meanwhile.</summary>
    private sealed record DemoCall(ChatMessage? Message, Exception? Exception, RecordedRequest[] Requests, EmulatedMessage[] NewMessages);
}
