namespace YandexMarket.Chats.Emulator;

/// <summary>One message of a chat as the emulator holds it. It never changes.</summary>
public sealed class EmulatedMessage
{
    internal EmulatedMessage(
        EmulatedChat chat, long id, DateTimeOffset createdAt, EmulatedSender sender, string? text, ChatAttachment[] attachments)
    {
        Chat = chat;
        Id = id;
        CreatedAt = createdAt;
        Sender = sender;
        Text = text;
        Attachments = attachments;
    }

    /// <summary>The chat that the message belongs to.</summary>
    public EmulatedChat Chat { get; }

    /// <summary>
    /// The message's number, from 1. Numbers are unique in the whole emulator, so that a message asked for in the wrong chat is a 404
    /// and not another message. (How the service numbers them is not documented.)
    /// </summary>
    public long Id { get; }

    /// <summary>When the message appeared, on the emulator's clock, at the offset +03:00 that the service's samples show.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>Who wrote the message.</summary>
    public EmulatedSender Sender { get; }

    /// <summary>The text exactly as it came, or null if the message has only attachments.</summary>
    public string? Text { get; }

    /// <summary>The attached files; empty if there are none.</summary>
    public IReadOnlyList<ChatAttachment> Attachments { get; }

    /// <summary>Names the message by its number. The text is left out, so that it gets into no log by accident.</summary>
    /// <returns>The chat's and the message's number and the sender.</returns>
    public override string ToString() => $"message {Id} of chat {Chat.Id} by {Sender}";
}
