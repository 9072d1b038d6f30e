namespace YandexMarket.Chats.Hosting;

/// <summary>The names under which telemetry is exported.</summary>
public static class ChatsTelemetry
{
    /// <summary>The name of the ActivitySource: one activity for each call.</summary>
    public const string ActivitySourceName = "YandexMarket.Chats";

    /// <summary>The name of the Meter.</summary>
    public const string MeterName = "YandexMarket.Chats";
}
