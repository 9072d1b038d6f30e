using System.Text.Json.Serialization;

namespace YandexMarket.Chats.Emulator;

/// <summary>A message of a chat. Immutable.</summary>
public sealed class EmulatedMessage
{
    private const int MaxUrlLength = 2000;

    /// <exception cref="ArgumentException">The service has no such message.</exception>
    internal EmulatedMessage(EmulatedChat chat, long id, DateTimeOffset createdAt, string sender, string? text, ChatAttachment[] attachments)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sender);
        if (string.IsNullOrEmpty(text) && attachments.Length == 0)
        {
            throw new ArgumentException("A message needs a text or an attachment.");
        }

        if (attachments.Any(file => file is null or { Name: null } or { Size: < 0 } || file.Url?.Length is not (>= 1 and <= MaxUrlLength)))
        {
            throw new ArgumentException($"An attachment needs a name, a URL of 1 to {MaxUrlLength} characters, and a size of at least 0.");
        }

        (Chat, Id, CreatedAt, Sender, Text, Attachments) = (chat, id, createdAt, sender, text, [.. attachments]);
    }

    /// <summary>The chat of the message.</summary>
    [JsonIgnore]
    public EmulatedChat Chat { get; }

    /// <summary>
    /// The id, from 1. Ids are unique in the whole emulator, so that reading a message in the wrong chat is a 404. (How the service
    /// assigns them is not documented.)
    /// </summary>
    public long Id { get; }

    /// <summary>When the message was added, on the emulator's clock, with the offset +03:00 of the service's samples.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>Who wrote the message: one of <see cref="EmulatedSender"/>, or any other.</summary>
    public string Sender { get; }

    /// <summary>The text exactly as it was sent, or null if the message has only attachments.</summary>
    public string? Text { get; }

    /// <summary>The attached files, if any.</summary>
    public IReadOnlyList<ChatAttachment> Attachments { get; }

    /// <summary>The ids and the sender, without the text, so that it gets into no log by accident.</summary>
    /// <returns>Such as <c>message 3 of chat 2 by CUSTOMER</c>.</returns>
    public override string ToString() => $"message {Id} of chat {Chat.Id} by {Sender}";
}
