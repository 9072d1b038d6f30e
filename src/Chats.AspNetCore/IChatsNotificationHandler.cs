namespace YandexMarket.Chats.AspNetCore;

/// <summary>
/// What the application does with the notifications of buyers' chats. Implement the methods that you need; the others do nothing.
/// </summary>
/// <remarks>
/// The service gets its 200 when the method has completed, and it waits 10 seconds for it: store what came, and work on it later. An
/// exception is a response 500, after which the service sends the notification again. A notification can come more than once and out of
/// order. The handler is resolved for each notification in the scope of its request; register it as a singleton beforehand to keep one.
/// </remarks>
public interface IChatsNotificationHandler
{
    /// <summary>A chat was created.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="cancellationToken">Canceled when the service hangs up; it then sends the notification again.</param>
    /// <returns>Completes when the notification is taken.</returns>
    Task OnChatCreatedAsync(ChatCreatedNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A message appeared in a chat: a buyer's, or presumably also one of the shop's own.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="cancellationToken">Canceled when the service hangs up; it then sends the notification again.</param>
    /// <returns>Completes when the notification is taken.</returns>
    Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A dispute was opened in a chat.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="cancellationToken">Canceled when the service hangs up; it then sends the notification again.</param>
    /// <returns>Completes when the notification is taken.</returns>
    Task OnChatArbitrageStartedAsync(ChatArbitrageStartedNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The dispute of a chat was closed.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="cancellationToken">Canceled when the service hangs up; it then sends the notification again.</param>
    /// <returns>Completes when the notification is taken.</returns>
    Task OnChatArbitrageFinishedAsync(ChatArbitrageFinishedNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;
}
