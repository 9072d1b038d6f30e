namespace YandexMarket.Chats.Responder;

/// <summary>A buyer's message, with its business and chat.</summary>
/// <param name="BusinessId">The business.</param>
/// <param name="ChatId">The chat.</param>
/// <param name="Message">The message as read from the service: id, time, text and files.</param>
/// <exception cref="ArgumentNullException"><paramref name="Message"/> is null.</exception>
public sealed record IncomingChatMessage(long BusinessId, long ChatId, ChatMessage Message)
{
    /// <summary>The message as read from the service: id, time, text and files.</summary>
    public ChatMessage Message { get; init; } = Message ?? throw new ArgumentNullException(nameof(Message));

    /// <summary>The buyer's text. Null if there are only files.</summary>
    public string? Text => Message.Message;

    /// <summary>The ids, without the text, so that it is not logged by mistake.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"message {Message.MessageId} of chat {ChatId} of business {BusinessId}";
}
