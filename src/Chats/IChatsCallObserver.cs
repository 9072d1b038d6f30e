namespace YandexMarket.Chats;

/// <summary>Observes the calls of a client, for instance to log them. It cannot change how a call ends: exceptions it throws are ignored.</summary>
public interface IChatsCallObserver
{
    /// <summary>Whether a call that begins now should be observed.</summary>
    bool IsEnabled { get; }

    /// <summary>Called when a call begins, on the caller's thread, after the argument checks.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="url">The complete URL of the request. It contains the ids of the business and the chat, but no text and no key.</param>
    /// <returns>A delegate that is called when the call has ended, with the exception that the caller receives, or null if the call
    /// succeeded.</returns>
    Action<Exception?> Start(ChatsOperation operation, string url);
}
