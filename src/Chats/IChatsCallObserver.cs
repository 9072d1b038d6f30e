namespace YandexMarket.Chats;

/// <summary>Observes the calls of a client, for instance to measure and log them. What it throws is ignored: it cannot change how a call ends.</summary>
public interface IChatsCallObserver
{
    /// <summary>Whether anybody would learn of a call that begins now. False: the call is not observed.</summary>
    bool IsEnabled { get; }

    /// <summary>A call begins. Called on the caller's thread, after the arguments were checked.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="url">The whole URL of the request. It holds the ids of the business and the chat, no text and no key.</param>
    /// <returns>The observed call, which is told when it ends.</returns>
    IChatsObservedCall Start(ChatsOperation operation, string url);
}
