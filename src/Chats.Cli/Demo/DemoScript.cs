using System.Runtime.CompilerServices;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary>The demo's script. Each step is checked against the emulator's record, not only against what the client says.</summary>
internal sealed class DemoScript(DemoStage stage, CancellationToken cancellationToken)
{
    public async IAsyncEnumerable<DemoStep> PlayAsync()
    {
        var client = stage.Client;
        yield return await PlayAsync(
            "A buyer has sent a message with a photo",
            () => client.GetChatMessageAsync(businessId: 1, chatId: 2, messageId: 2),
            seen => [new("the same text and file as in the chat", IsSame(seen.Message, stage.Chat.FindMessage(2)))]);

        yield return await PlayAsync(
            "We reply",
            () => client.SendMessageToChatAsync(businessId: 1, chatId: 2, "It is: the lampshade is under the foam."),
            seen => [Returned(seen), DeliveredOnce(seen, "It is: the lampshade is under the foam.")]);

        yield return await PlayAsync(
            "The reply is in the chat",
            () => client.GetChatMessageAsync(businessId: 1, chatId: 2, messageId: 4),
            seen => [new("from us, and the text that was sent", IsSame(seen.Message, stage.Chat.FindMessage(4)) && seen.Message is
                { Sender: ChatMessageSender.Partner, Message: "It is: the lampshade is under the foam." })]);

        var readOnlyClient = stage.ReadOnlyClient;
        yield return await PlayAsync(
            "A read-only key: the service rejects the send",
            () => readOnlyClient.SendMessageToChatAsync(businessId: 1, chatId: 2, "May I?"),
            seen => [Refused(seen, 403, "FORBIDDEN"), NothingDelivered(seen)]);

        readOnlyClient = stage.InformedReadOnlyClient;
        yield return await PlayAsync(
            "The same key, with GrantedScopes set: the client makes no request",
            () => readOnlyClient.SendMessageToChatAsync(businessId: 1, chatId: 2, "May I?"),
            seen =>
            [
                new("rejected by the client, certainly not sent", seen.Exception is ChatsScopeException { MayHaveBeenSent: false }),
                new("no request reached the service", seen.Requests.Length == 0 && seen.NewMessages.Length == 0),
            ]);

        yield return await PlayAsync(
            "A chat that does not exist",
            () => client.SendMessageToChatAsync(businessId: 1, chatId: 404, "Is anybody there?"),
            seen => [Refused(seen, 404, "NOT_FOUND"), NothingDelivered(seen)]);

        stage.Emulator.Faults.Next(ChatsFault.ResponseLost, operation: EmulatedOperation.SendMessageToChat);
        yield return await PlayAsync(
            "The service accepts the text, but its response is lost",
            () => client.SendMessageToChatAsync(businessId: 1, chatId: 2, "Does it light up now?"),
            seen =>
            [
                new("the client says that it may have been sent", seen.Exception is ChatsConnectionException { MayHaveBeenSent: true }),
                DeliveredOnce(seen, "Does it light up now?"),
            ]);
    }

    private async Task<DemoStep> PlayAsync(
        string title, Func<Task> call, Func<DemoCall, DemoCheck[]> check, [CallerArgumentExpression(nameof(call))] string code = "")
    {
        cancellationToken.ThrowIfCancellationRequested();
        var seen = await CallAsync(call).WaitAsync(cancellationToken);
        return new DemoStep(title, code.Replace("() =>", "await", StringComparison.Ordinal) + ";", seen, check(seen));
    }

    private async Task<DemoCall> CallAsync(Func<Task> call)
    {
        var requestsBefore = stage.Emulator.Requests.Total;
        var lastMessage = stage.Chat.Messages[^1].Id;
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
            [.. stage.Emulator.Requests.Where(request => request.Number > requestsBefore)],
            [.. stage.Chat.Messages.Where(it => it.Id > lastMessage)]);
    }

    private static DemoCheck Returned(DemoCall seen) => new("the client says that it was sent", seen.Exception is null);

    private static DemoCheck Refused(DemoCall seen, int status, string code) => new(
        $"rejected with {status} {code}, certainly not sent",
        seen.Exception is ChatsApiException { MayHaveBeenSent: false } api
            && api.StatusCode == status
            && api.Errors.Any(error => error.Code == code));

    private static DemoCheck NothingDelivered(DemoCall seen) => new(
        "one request reached the service, which delivered nothing",
        seen.Requests is [{ WasDelivered: false }] && seen.NewMessages.Length == 0);

    private static DemoCheck DeliveredOnce(DemoCall seen, string text) => new(
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
}
