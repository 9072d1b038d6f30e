using System.Collections.Concurrent;

namespace YandexMarket.Chats.Responder.Tests.Support;

/// <summary>A service in memory: chats with messages, and sends that end as the test says.</summary>
internal sealed class FakeClient(TimeProvider clock) : IChatsClient
{
    private readonly ConcurrentDictionary<long, ChatMessage> _messages = new();
    private readonly ConcurrentQueue<(long ChatId, string Text)> _sent = new();

    /// <summary>Called before a read ends.</summary>
    public Func<long, Task> OnRead { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called before the text is taken; what it throws is what the caller gets.</summary>
    public Func<string, CancellationToken, Task> OnSend { get; set; } = (_, _) => Task.CompletedTask;

    public int Reads;

    /// <summary>What the buyers got.</summary>
    public IReadOnlyList<(long ChatId, string Text)> Sent => [.. _sent];

    public void Add(long messageId, ChatMessageSender sender, string? text, int seconds = 0) => _messages[messageId] =
        new ChatMessage { MessageId = messageId, Sender = sender, Message = text, CreatedAt = clock.GetUtcNow().AddSeconds(seconds) };

    public void Take(long chatId, string text) => _sent.Enqueue((chatId, text));

    public async Task<ChatMessage> GetChatMessageAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref Reads);
        await OnRead(messageId);
        return _messages[messageId];
    }

    public async Task SendMessageToChatAsync(long businessId, long chatId, string message, CancellationToken cancellationToken = default)
    {
        await OnSend(message, cancellationToken);
        Take(chatId, message);
    }

    public static ChatsException Unsent(TimeSpan? retryAfter = null) => new ChatsRateLimitException(
        "Too many.", ChatsOperations.SendMessageToChat, ChatsLimitKind.Hourly, retryAfter: retryAfter);

    public static ChatsException Doubtful() => new ChatsConnectionException("Cut.", ChatsOperations.SendMessageToChat, mayHaveBeenSent: true);

    public static ChatsException Refused() => new ChatsApiException("No.", ChatsOperations.SendMessageToChat, mayHaveBeenSent: false, 400);
}
