namespace YandexMarket.Chats.Emulator;

/// <summary>The two operations of the service.</summary>
public enum EmulatedOperation
{
    /// <summary>GET businesses/{businessId}/chats/message: reads one message.</summary>
    GetChatMessage,

    /// <summary>POST businesses/{businessId}/chats/message: sends a text to the buyer.</summary>
    SendMessageToChat,
}
