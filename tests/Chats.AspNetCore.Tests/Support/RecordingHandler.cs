namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>Records the calls of the handler, and runs the test's behavior.</summary>
internal sealed class Recorder
{
    private readonly ConcurrentQueue<string> _calls = new();

    public IReadOnlyCollection<string> Calls => _calls;

    /// <summary>What the handler does, after the call was recorded.</summary>
    public Func<string, CancellationToken, Task> Behavior { get; set; } = (_, _) => Task.CompletedTask;

    public Task Add(string call, CancellationToken cancellationToken)
    {
        _calls.Enqueue(call);
        return Behavior(call, cancellationToken);
    }
}

internal sealed class RecordingHandler(Recorder recorder) : IChatsNotificationHandler
{
    public Task OnChatCreatedAsync(ChatCreatedNotification notification, CancellationToken cancellationToken) =>
        recorder.Add($"created {notification.BusinessId} {notification.ChatId} {notification.CreatedAt:O}", cancellationToken);

    public Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken) =>
        recorder.Add($"message {notification.BusinessId} {notification.ChatId} {notification.MessageId} {notification.SentAt:O}", cancellationToken);

    public Task OnChatArbitrageStartedAsync(ChatArbitrageStartedNotification notification, CancellationToken cancellationToken) =>
        recorder.Add($"started {notification.BusinessId} {notification.ChatId} {notification.StartedAt:O}", cancellationToken);

    public Task OnChatArbitrageFinishedAsync(ChatArbitrageFinishedNotification notification, CancellationToken cancellationToken) =>
        recorder.Add($"finished {notification.BusinessId} {notification.ChatId} {notification.FinishedAt:O}", cancellationToken);
}
