namespace YandexMarket.Chats;

/// <summary>Observes one call.</summary>
public interface IChatsObservedCall
{
    /// <summary>Called when the call has ended.</summary>
    /// <param name="exception">The exception that the caller receives; null if the call succeeded.</param>
    void Ended(Exception? exception);
}
