namespace YandexMarket.Chats.Emulator;

/// <summary>How one attempt to deliver a notification ended.</summary>
public enum NotificationOutcome
{
    /// <summary>Status 200 with a JSON object that has <c>version</c>, <c>name</c> and <c>time</c>: delivered.</summary>
    Accepted,

    /// <summary>Status 400: the receiver takes the notification for wrong. As documented it is not sent again.</summary>
    Rejected,

    /// <summary>Anything else, no response in time included: it is sent again, unless it is a PING.</summary>
    Failed,
}
