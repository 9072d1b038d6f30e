namespace YandexMarket.Chats.Responder.Work;

/// <summary>
/// Passes messages on to the responder that the container resolves for <typeparamref name="TResponder"/>. A factory that returned the responder
/// itself would not work: at the end of each scope the container disposes what a scoped factory returned, even a singleton.
/// </summary>
internal sealed class ForwardingResponder<TResponder>(TResponder responder) : IChatsResponder
    where TResponder : class, IChatsResponder
{
    public Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken) =>
        responder.RespondAsync(message, cancellationToken);
}
