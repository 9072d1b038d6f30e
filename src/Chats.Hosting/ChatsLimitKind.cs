namespace YandexMarket.Chats.Hosting;

/// <summary>Which limit an answer says was exceeded.</summary>
public enum ChatsLimitKind
{
    /// <summary>None, or the answer does not say which.</summary>
    Unknown = 0,

    /// <summary>Too many requests of the business at once.</summary>
    Parallel,

    /// <summary>The hourly quota of the operation.</summary>
    Hourly,
}
