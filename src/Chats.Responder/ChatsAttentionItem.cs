namespace YandexMarket.Chats.Responder;

/// <summary>A message that needs a human.</summary>
public sealed class ChatsAttentionItem
{
    /// <summary>The business.</summary>
    public required long BusinessId { get; init; }

    /// <summary>The chat.</summary>
    public required long ChatId { get; init; }

    /// <summary>The buyer's message.</summary>
    public required long MessageId { get; init; }

    /// <summary>True if the buyer may have received the text: look into the chat. False if certainly nothing was sent.</summary>
    public required bool MayHaveBeenSent { get; init; }

    /// <summary>The text of the reply. Null if there is none yet.</summary>
    public string? ReplyText { get; init; }

    /// <summary>The last failure, without any text of the chat.</summary>
    public required string Reason { get; init; }

    /// <summary>When the message started to need a human.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The ids and the reason, without the text.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"message {MessageId} of chat {ChatId} of business {BusinessId}: {Reason}";
}
