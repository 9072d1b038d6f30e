namespace YandexMarket.Chats.Responder;

/// <summary>
/// The messages that need a human: those that may have been answered, without a proof, and those that could not be answered. Thread-safe; every
/// method throws what the database throws when it cannot be reached.
/// </summary>
public interface IChatsResponderInbox
{
    /// <summary>Lists what needs attention, oldest first.</summary>
    /// <param name="maxItems">At most so many. Default: 100.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>The items.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxItems"/> is less than 1.</exception>
    Task<IReadOnlyList<ChatsAttentionItem>> ListAsync(int maxItems = 100, CancellationToken cancellationToken = default);

    /// <summary>Confirms that the text is in the chat.</summary>
    /// <param name="businessId">The business.</param>
    /// <param name="chatId">The chat.</param>
    /// <param name="messageId">The buyer's message.</param>
    /// <param name="cancellationToken">Cancels the update.</param>
    /// <returns>False if the message does not need attention (any more).</returns>
    Task<bool> MarkAsSentAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Handles the message once more: with its stored text, or with a new one if there is none. If the text is in the chat after all, the buyer
    /// gets it twice: look there first.
    /// </summary>
    /// <param name="businessId">The business.</param>
    /// <param name="chatId">The chat.</param>
    /// <param name="messageId">The buyer's message.</param>
    /// <param name="cancellationToken">Cancels the update.</param>
    /// <returns>False if the message does not need attention (any more).</returns>
    Task<bool> SendAgainAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default);

    /// <summary>Ends the message without a response.</summary>
    /// <param name="businessId">The business.</param>
    /// <param name="chatId">The chat.</param>
    /// <param name="messageId">The buyer's message.</param>
    /// <param name="cancellationToken">Cancels the update.</param>
    /// <returns>False if the message does not need attention (any more).</returns>
    Task<bool> DropAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default);
}
