namespace YandexMarket.Chats.Responder;

/// <summary>
/// The messages that need a human: those whose reply may have been sent, without proof, and those that could not be answered. Thread-safe. If the
/// database cannot be reached, every method throws the database's exception.
/// </summary>
public interface IChatsResponderInbox
{
    /// <summary>Lists the messages that need a human, oldest first.</summary>
    /// <param name="maxItems">The maximum number of items to return. Default: 100.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>The items.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxItems"/> is less than 1.</exception>
    Task<IReadOnlyList<ChatsAttentionItem>> ListAsync(int maxItems = 100, CancellationToken cancellationToken = default);

    /// <summary>Confirms that the text is in the chat.</summary>
    /// <param name="businessId">The business.</param>
    /// <param name="chatId">The chat.</param>
    /// <param name="messageId">The buyer's message.</param>
    /// <param name="cancellationToken">Cancels the update.</param>
    /// <returns>False if the message does not, or no longer, need a human.</returns>
    Task<bool> MarkAsSentAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends the stored text, or a new one if there is none. If the text is in the chat after all, the buyer receives it twice: look there first.
    /// </summary>
    /// <param name="businessId">The business.</param>
    /// <param name="chatId">The chat.</param>
    /// <param name="messageId">The buyer's message.</param>
    /// <param name="cancellationToken">Cancels the update.</param>
    /// <returns>False if the message does not, or no longer, need a human.</returns>
    Task<bool> SendAgainAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default);

    /// <summary>Resolves the message without a reply.</summary>
    /// <param name="businessId">The business.</param>
    /// <param name="chatId">The chat.</param>
    /// <param name="messageId">The buyer's message.</param>
    /// <param name="cancellationToken">Cancels the update.</param>
    /// <returns>False if the message does not, or no longer, need a human.</returns>
    Task<bool> DropAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default);
}
