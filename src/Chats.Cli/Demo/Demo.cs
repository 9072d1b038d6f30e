using System.CommandLine;
using System.Runtime.CompilerServices;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats demo</c>: each step is checked against the emulator's record, not only against what the client says.</summary>
internal sealed class Demo(ChatsEmulator emulator, Shell shell)
{
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
        var (steps, failed) = (0, new SortedSet<int>());
        var client = Client;
        await StepAsync(
            "A buyer has sent a message with a photo",
            () => client.GetChatMessageAsync(businessId: 1, chatId: 2, messageId: 2),
            "the same text and file as in the chat",
            result => IsSame(result as ChatMessage, Chat.FindMessage(2)));

        await StepAsync(
            "We reply",
            () => client.SendMessageToChatAsync(businessId: 1, chatId: 2, "It is: the lampshade is under the foam."),
            "the client says that it was sent",
            result => result is null,
            delivered: "It is: the lampshade is under the foam.");

        await StepAsync(
            "The reply is in the chat",
            () => client.GetChatMessageAsync(businessId: 1, chatId: 2, messageId: 4),
            "from us, and the text that was sent",
            result => result is ChatMessage { Sender: ChatMessageSender.Partner, Message: "It is: the lampshade is under the foam." } message
                && IsSame(message, Chat.FindMessage(4)));

        var readOnlyClient = ReadOnlyClient;
        await StepAsync(
            "A read-only key: the service rejects the send",
            () => readOnlyClient.SendMessageToChatAsync(businessId: 1, chatId: 2, "May I?"),
            "rejected with 403 FORBIDDEN, certainly not sent",
            result => result is ChatsApiException { StatusCode: 403, Errors: [{ Code: "FORBIDDEN" }], MayHaveBeenSent: false });

        readOnlyClient = InformedReadOnlyClient;
        await StepAsync(
            "The same key, with GrantedScopes set: the client makes no request",
            () => readOnlyClient.SendMessageToChatAsync(businessId: 1, chatId: 2, "May I?"),
            "rejected by the client, certainly not sent",
            result => result is ChatsScopeException { MayHaveBeenSent: false },
            requests: 0);

        await StepAsync(
            "A chat that does not exist",
            () => client.SendMessageToChatAsync(businessId: 1, chatId: 404, "Is anybody there?"),
            "rejected with 404 NOT_FOUND, certainly not sent",
            result => result is ChatsApiException { StatusCode: 404, Errors: [{ Code: "NOT_FOUND" }], MayHaveBeenSent: false });

        Emulator.Faults.Next(ChatsFault.ResponseLost, operation: EmulatedOperation.SendMessageToChat);
        await StepAsync(
            "The service accepts the text, but its response is lost",
            () => client.SendMessageToChatAsync(businessId: 1, chatId: 2, "Does it light up now?"),
            "the client says that it may have been sent",
            result => result is ChatsConnectionException { MayHaveBeenSent: true },
            delivered: "Does it light up now?");

        shell.Out.WriteLine(failed.Count == 0
            ? $"All {steps} steps passed. Sending again after the last step would have delivered the text twice."
            : $"Failed: step {string.Join(", ", failed)} of {steps}.");
        return failed.Count == 0 ? ExitCode.Done : ExitCode.Unexpected;

        // The code is the C# that is run, as the compiler sees it. What it returned or threw is null for a send that returned.
        async Task StepAsync(
            string title,
            Func<Task> call,
            string claim,
            Func<object?, bool> isAsClaimed,
            int requests = 1,
            string? delivered = null,
            [CallerArgumentExpression(nameof(call))] string code = "")
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (requestsBefore, lastMessage) = (Emulator.Requests.Total, Chat.Messages[^1].Id);
            var result = await ResultOfAsync(call).WaitAsync(cancellationToken);
            shell.Out.WriteLine($"{++steps}  {title}");
            shell.Out.WriteLine($"   {code.Replace("() =>", "await", StringComparison.Ordinal)};");
            foreach (var (i, line) in Describe(result).Index())
            {
                shell.Out.WriteLine($"   {(i == 0 ? "→" : " ")} {Safe.Line(line)}");
            }

            Check(claim, isAsClaimed(result));
            var seen = Emulator.Requests.Where(request => request.Number > requestsBefore).ToList();
            var added = Chat.Messages.Where(message => message.Id > lastMessage).ToList();
            if (delivered is null)
            {
                Check(
                    requests == 0 ? "no request reached the service" : "one request reached the service, and the buyer received nothing",
                    seen.Count == requests && !seen.Exists(request => request.WasDelivered) && added.Count == 0);
            }
            else
            {
                Check(
                    "one request reached the service, and the buyer has the text once",
                    seen is [{ DeliveredMessageId: { } id }] && added is [var message] && (message.Id, message.Text) == (id, delivered));
            }

            shell.Out.WriteLine();
        }

        void Check(string claim, bool holds)
        {
            shell.Out.WriteLine($"   {(holds ? "✓" : "✗ FAILED:")} {claim}");
            if (!holds)
            {
                failed.Add(steps);
            }
        }
    }

    private static async Task<object?> ResultOfAsync(Func<Task> call)
    {
        try
        {
            var task = call();
            await task;
            return (task as Task<ChatMessage>)?.Result;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private static bool IsSame(ChatMessage? read, EmulatedMessage? truth) =>
        read is not null && truth is not null
        && (read.MessageId, read.Message, read.CreatedAt) == (truth.Id, truth.Text, truth.CreatedAt)
        && string.Equals(read.Sender.ToString(), truth.Sender, StringComparison.OrdinalIgnoreCase)
        && (read.Payload ?? []).Select(file => (file.Name, file.Url, file.Size))
            .SequenceEqual(truth.Attachments.Select(file => (file.Name, file.Url, (long)file.Size)));

    /// <summary>What a user of the client sees.</summary>
    private static IEnumerable<string> Describe(object? result) => result switch
    {
        ChatsException exception =>
        [
            exception.GetType().Name
                + (exception is ChatsApiException api ? $" · {api.StatusCode} {string.Join(", ", api.Errors.Select(error => error.Code))}" : "")
                + $" · MayHaveBeenSent = {(exception.MayHaveBeenSent ? "true" : "false")}",
        ],
        ChatMessage message =>
        [
            $"{message.Sender}: {message.Message}",
            .. (message.Payload ?? []).Select(file => $"{file.Name} · {file.Size} bytes · {file.Url}"),
        ],
        null => ["returned: the service accepted the text"],
        _ => [result.GetType().Name],
    };
}
