namespace YandexMarket.Chats.Responder;

/// <summary>What the application knows: the response to a buyer's message. It is registered with a scope of its own for each message.</summary>
public interface IChatsResponder
{
    /// <summary>
    /// Composes the response to a message. It can be called again for the same message, after an exception or a crash, until its text is stored:
    /// what it does besides must bear that. It does not send the text.
    /// </summary>
    /// <param name="message">What the buyer wrote.</param>
    /// <param name="cancellationToken">Canceled when the host stops: the message is then handled after the restart.</param>
    /// <returns>The text, of 1 to 4096 characters and not only white space; or null for no response.</returns>
    Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken);
}
