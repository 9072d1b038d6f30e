namespace YandexMarket.Chats.Responder;

/// <summary>The names to export by.</summary>
public static class ChatsResponderTelemetry
{
    /// <summary>
    /// The meter of the responder. Its gauge <c>chats.responder.open</c> is the number of messages that have not ended, in the whole database,
    /// by <c>chats.responder.state</c>: Received, Answering, InDoubt, NeedsAttention.
    /// </summary>
    public const string MeterName = "YandexMarket.Chats.Responder";
}
