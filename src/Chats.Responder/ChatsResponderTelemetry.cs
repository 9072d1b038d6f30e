namespace YandexMarket.Chats.Responder;

/// <summary>The names under which telemetry is exported.</summary>
public static class ChatsResponderTelemetry
{
    /// <summary>
    /// The name of the Meter. Its gauge <c>chats.responder.open</c> is the number of messages in the whole database that are not final,
    /// by <c>chats.responder.state</c>: Received, Answering, InDoubt, NeedsAttention.
    /// </summary>
    public const string MeterName = "YandexMarket.Chats.Responder";
}
