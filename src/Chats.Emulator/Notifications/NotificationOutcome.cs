namespace YandexMarket.Chats.Emulator;

/// <summary>How one attempt to deliver a notification ended.</summary>
public enum NotificationOutcome
{
    /// <summary>Status 200 with a JSON object that has <c>version</c>, <c>name</c> and <c>time</c>.</summary>
    Accepted,

    /// <summary>Status 400: the receiver considers the notification invalid. As documented it is not sent again.</summary>
    Rejected,

    /// <summary>Anything else, including a timeout: it is sent again, unless it is a PING.</summary>
    Failed,
}
