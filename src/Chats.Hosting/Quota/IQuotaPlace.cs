namespace YandexMarket.Chats.Hosting;

/// <summary>An attempt's place in the limits. It is disposed when the call has read the response, or has failed.</summary>
internal interface IQuotaPlace : IDisposable
{
    /// <summary>The head of a response arrived.</summary>
    void Responded(ChatsResponseInfo response);

    /// <summary>The attempt certainly never left.</summary>
    void NotSent();
}
