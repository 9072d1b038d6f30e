namespace YandexMarket.Chats.Hosting;

/// <summary>An attempt's place in the limits. It is disposed when the call has read the answer, or has failed.</summary>
internal interface IQuotaPlace : IDisposable
{
    /// <summary>The head of an answer is there.</summary>
    void Answered(HttpResponseMessage response, ChatsLimitKind exceeded);

    /// <summary>The attempt certainly never left.</summary>
    void NothingLeft();
}
