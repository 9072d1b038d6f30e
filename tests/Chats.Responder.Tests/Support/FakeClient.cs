namespace YandexMarket.Chats.Responder.Tests.Support;

/// <summary>A service in memory: messages, and sends with the outcome that the test sets.</summary>
internal sealed class FakeClient(TimeProvider clock) : IChatsClient
{
    private readonly ConcurrentDictionary<long, ChatMessage> _messages = new();
    private readonly ConcurrentQueue<(long ChatId, string Text)> _sent = new();

    public Func<long, Task> OnRead { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called before the text is accepted; may throw.</summary>
    public Func<(long ChatId, string Text), CancellationToken, Task> OnSend { get; set; } = (_, _) => Task.CompletedTask;

    public int Reads;

    public IReadOnlyList<(long ChatId, string Text)> Sent => [.. _sent];

    public void Add(long messageId, ChatMessageSender sender, string? text, int seconds = 0) => _messages[messageId] =
        new ChatMessage { MessageId = messageId, Sender = sender, Message = text, CreatedAt = clock.GetUtcNow().AddSeconds(seconds) };

    public async Task<ChatMessage> GetChatMessageAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref Reads);
        await OnRead(messageId);
        return _messages[messageId];
    }

    public async Task SendMessageToChatAsync(long businessId, long chatId, string message, CancellationToken cancellationToken = default)
    {
        await OnSend((chatId, message), cancellationToken);
        _sent.Enqueue((chatId, message));
    }

    public static ChatsException Unsent(TimeSpan? retryAfter = null) => new ChatsRateLimitException(
        "Too many.", ChatsOperations.SendMessageToChat, ChatsLimitKind.Hourly, retryAfter: retryAfter);

    public static ChatsException Doubtful() => new ChatsConnectionException("Cut.", ChatsOperations.SendMessageToChat, mayHaveBeenSent: true);

    public static ChatsException Rejected() => new ChatsApiException("No.", ChatsOperations.SendMessageToChat, mayHaveBeenSent: false, 400);
}
