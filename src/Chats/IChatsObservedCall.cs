namespace YandexMarket.Chats;

/// <summary>One call that is observed.</summary>
public interface IChatsObservedCall
{
    /// <summary>The call has ended.</summary>
    /// <param name="exception">What the caller gets; null if the call succeeded.</param>
    void Ended(Exception? exception);
}
