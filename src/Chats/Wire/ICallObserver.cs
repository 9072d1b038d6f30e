namespace YandexMarket.Chats.Wire;

/// <summary>Observes the calls of a client. It must not throw: nothing that observes a call may change how it ends.</summary>
internal interface ICallObserver
{
    /// <summary>Whether anybody would learn of a call.</summary>
    bool IsEnabled { get; }

    IObservedCall Start(ChatsOperation operation, string url);
}

internal interface IObservedCall
{
    /// <summary>The call has ended, with its result if the exception is null.</summary>
    void End(Exception? exception);
}
