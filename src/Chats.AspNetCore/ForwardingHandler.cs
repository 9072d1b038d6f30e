namespace YandexMarket.Chats.AspNetCore;

/// <summary>
/// Passes notifications on to the handler that the container resolves for <typeparamref name="THandler"/>. A factory that returned the handler itself
/// would not work: at the end of each scope the container disposes what a scoped factory returned, even a singleton.
/// </summary>
internal sealed class ForwardingHandler<THandler>(THandler handler) : IChatsNotificationHandler
    where THandler : class, IChatsNotificationHandler
{
    public Task OnChatCreatedAsync(ChatCreatedNotification notification, CancellationToken cancellationToken) =>
        handler.OnChatCreatedAsync(notification, cancellationToken);

    public Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken) =>
        handler.OnChatMessageSentAsync(notification, cancellationToken);

    public Task OnChatArbitrageStartedAsync(ChatArbitrageStartedNotification notification, CancellationToken cancellationToken) =>
        handler.OnChatArbitrageStartedAsync(notification, cancellationToken);

    public Task OnChatArbitrageFinishedAsync(ChatArbitrageFinishedNotification notification, CancellationToken cancellationToken) =>
        handler.OnChatArbitrageFinishedAsync(notification, cancellationToken);
}
