namespace YandexMarket.Chats.AspNetCore;

/// <summary>
/// Handles the notifications of buyers' chats. Implement the methods that you need; the others do nothing.
/// </summary>
/// <remarks>
/// The service gets a 200 when the method has completed, and waits at most 10 seconds for it: store the notification, and work on it later. If
/// the method throws, the response is 500, and the service sends the notification again. A notification can arrive more than once and out of
/// order. The handler is resolved in the scope of each request; to keep a single instance, register it as a singleton first.
/// </remarks>
public interface IChatsNotificationHandler
{
    /// <summary>A chat was created.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="cancellationToken">Canceled when the service closes the connection; it then sends the notification again.</param>
    /// <returns>Completes when the notification has been handled.</returns>
    Task OnChatCreatedAsync(ChatCreatedNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A message was written in a chat, by a buyer or, presumably, by the shop itself.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="cancellationToken">Canceled when the service closes the connection; it then sends the notification again.</param>
    /// <returns>Completes when the notification has been handled.</returns>
    Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A dispute was opened in a chat.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="cancellationToken">Canceled when the service closes the connection; it then sends the notification again.</param>
    /// <returns>Completes when the notification has been handled.</returns>
    Task OnChatArbitrageStartedAsync(ChatArbitrageStartedNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The dispute of a chat was closed.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="cancellationToken">Canceled when the service closes the connection; it then sends the notification again.</param>
    /// <returns>Completes when the notification has been handled.</returns>
    Task OnChatArbitrageFinishedAsync(ChatArbitrageFinishedNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;
}
