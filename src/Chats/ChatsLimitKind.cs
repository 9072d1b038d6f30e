namespace YandexMarket.Chats;

/// <summary>Which of the service's two limits was exceeded.</summary>
public enum ChatsLimitKind
{
    /// <summary>The response does not say which.</summary>
    Unknown = 0,

    /// <summary>Too many requests of the business at the same time.</summary>
    Parallel,

    /// <summary>The hourly quota of the operation.</summary>
    Hourly,
}
