namespace YandexMarket.Chats.AspNetCore;

/// <summary>The names under which telemetry is exported.</summary>
public static class ChatsNotificationTelemetry
{
    /// <summary>
    /// The name of the Meter. It counts notifications (<c>chats.notifications</c>) and measures their duration
    /// (<c>chats.notification.duration</c>) by type and outcome, and reports the age of the last PING (<c>chats.notification.ping.age</c>).
    /// </summary>
    public const string MeterName = "YandexMarket.Chats.AspNetCore";
}
