namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>Records its calls, and runs the test's behavior.</summary>
internal sealed class RecordingHandler : IChatsNotificationHandler
{
    private readonly ConcurrentQueue<string> _calls = new();

    public IReadOnlyCollection<string> Calls => _calls;

    /// <summary>What the handler does, after the call was recorded.</summary>
    public Func<string, CancellationToken, Task> Behavior { get; set; } = (_, _) => Task.CompletedTask;

    public Task OnChatCreatedAsync(ChatCreatedNotification notification, CancellationToken cancellationToken) =>
        RecordAsync($"created {notification.BusinessId} {notification.ChatId} {notification.CreatedAt:O}", cancellationToken);

    public Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken) =>
        RecordAsync($"message {notification.BusinessId} {notification.ChatId} {notification.MessageId} {notification.SentAt:O}", cancellationToken);

    public Task OnChatArbitrageStartedAsync(ChatArbitrageStartedNotification notification, CancellationToken cancellationToken) =>
        RecordAsync($"started {notification.BusinessId} {notification.ChatId} {notification.StartedAt:O}", cancellationToken);

    public Task OnChatArbitrageFinishedAsync(ChatArbitrageFinishedNotification notification, CancellationToken cancellationToken) =>
        RecordAsync($"finished {notification.BusinessId} {notification.ChatId} {notification.FinishedAt:O}", cancellationToken);

    private Task RecordAsync(string call, CancellationToken cancellationToken)
    {
        _calls.Enqueue(call);
        return Behavior(call, cancellationToken);
    }
}
