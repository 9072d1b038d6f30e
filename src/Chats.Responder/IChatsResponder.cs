namespace YandexMarket.Chats.Responder;

/// <summary>Composes the replies to buyers' messages. It is resolved in a new scope for each message.</summary>
public interface IChatsResponder
{
    /// <summary>
    /// Composes the reply to a message, without sending it. It can be called again for the same message, after an exception or a crash, until its
    /// text is stored: its side effects must be safe to repeat. The type and stack trace of an exception are logged, but not its message, which may
    /// quote a text; if the responder cannot be created, the complete exception.
    /// </summary>
    /// <param name="message">The buyer's message.</param>
    /// <param name="cancellationToken">Canceled when the host stops, and the message is then handled after the restart; and after
    /// <see cref="ChatsResponderOptions.RespondTimeout"/>.</param>
    /// <returns>The text, of 1 to 4096 characters and not only white space; or null for no reply.</returns>
    Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken);
}
