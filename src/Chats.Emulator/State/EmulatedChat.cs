namespace YandexMarket.Chats.Emulator;

/// <summary>A chat with a buyer. Safe for any number of threads.</summary>
public sealed partial class EmulatedChat
{
    // The offset of the method pages' samples; what the service really uses is not documented.
    private static readonly TimeSpan _moscow = TimeSpan.FromHours(3);

    private readonly Lock _gate = new();
    private readonly Queue<EmulatedMessage> _messages = new();
    private readonly Dictionary<long, EmulatedMessage> _byId = [];
    private readonly EmulatorState _state;

    internal EmulatedChat(EmulatorState state, EmulatedBusiness business, long id)
    {
        _state = state;
        Business = business;
        Id = id;
    }

    /// <summary>The business (cabinet) that the chat belongs to.</summary>
    public EmulatedBusiness Business { get; }

    /// <summary>The chat's number, 1 or more.</summary>
    public long Id { get; }

    /// <summary>
    /// The messages in the order in which they appeared, as they are at this moment: what the service truly took, whatever its caller was
    /// told. Only the newest <see cref="ChatsEmulatorOptions.MessagesKept"/> are kept.
    /// </summary>
    public IReadOnlyList<EmulatedMessage> Messages
    {
        get
        {
            lock (_gate)
            {
                return _messages.ToArray();
            }
        }
    }

    internal int MessageCount
    {
        get
        {
            lock (_gate)
            {
                return _messages.Count;
            }
        }
    }

    /// <summary>A message of the buyer arrives: it can be read, and a notification goes out if notifications are on.</summary>
    /// <param name="text">The text; null for a message that has only attachments.</param>
    /// <param name="attachments">The attached files, if any.</param>
    /// <returns>The message, with its number.</returns>
    /// <exception cref="ArgumentException">There is neither a text nor an attachment: the service has no such message.</exception>
    public EmulatedMessage Receive(string? text, params ChatAttachment[] attachments) =>
        AddMessage(EmulatedSender.Customer, text, attachments);

    /// <summary>A message of anybody appears: of the marketplace, of its support, of the shop's own people in the browser.</summary>
    /// <param name="sender">Who wrote it.</param>
    /// <param name="text">The text; null for a message that has only attachments.</param>
    /// <param name="attachments">The attached files, if any.</param>
    /// <returns>The message, with its number.</returns>
    /// <exception cref="ArgumentNullException">The sender or the array of attachments is null.</exception>
    /// <exception cref="ArgumentException">There is neither a text nor an attachment, or one of the attachments is null.</exception>
    public EmulatedMessage AddMessage(EmulatedSender sender, string? text, params ChatAttachment[] attachments)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(attachments);
        if (string.IsNullOrEmpty(text) && attachments.Length == 0)
        {
            throw new ArgumentException("A message has a text or an attachment: give one of them.", nameof(text));
        }

        if (Array.IndexOf(attachments, null) >= 0)
        {
            throw new ArgumentException("An attachment is null: leave it out of the list.", nameof(attachments));
        }

        return Add(sender, text, [.. attachments]);
    }

    /// <summary>A sticker of the buyer arrives: a message like any other, but the service does not notify it.</summary>
    /// <param name="sticker">The sticker. How the service shows it is not documented; here it is an attachment.</param>
    /// <returns>The message, with its number.</returns>
    /// <exception cref="ArgumentNullException">The sticker is null.</exception>
    public EmulatedMessage ReceiveSticker(ChatAttachment sticker)
    {
        ArgumentNullException.ThrowIfNull(sticker);
        return Add(EmulatedSender.Customer, null, [sticker], notifies: false);
    }

    /// <summary>A dispute is opened in this chat. A notification goes out if notifications are on; nothing else changes.</summary>
    public void StartArbitrage() => _state.ChatChanged?.Invoke(NotificationJson.ArbitrageStarted, this);

    /// <summary>The dispute of this chat is closed. A notification goes out if notifications are on; nothing else changes.</summary>
    public void FinishArbitrage() => _state.ChatChanged?.Invoke(NotificationJson.ArbitrageFinished, this);

    /// <summary>Finds a message by its number.</summary>
    /// <param name="id">The number.</param>
    /// <returns>The message, or null if the chat does not hold it (any more).</returns>
    public EmulatedMessage? FindMessage(long id)
    {
        lock (_gate)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    /// <summary>The newest messages, at most so many, that came after the one of this number; oldest first.</summary>
    internal EmulatedMessage[] NewestAfter(long id, int atMost)
    {
        lock (_gate)
        {
            return [.. _messages.Skip(_messages.Count - atMost).SkipWhile(message => message.Id <= id)];
        }
    }

    internal EmulatedMessage Add(EmulatedSender sender, string? text, ChatAttachment[] attachments, bool notifies = true)
    {
        EmulatedMessage message;
        lock (_gate)
        {
            // Numbered inside the lock, so that numbers rise in the order of the list.
            var now = _state.Clock.GetUtcNow().ToOffset(_moscow);
            message = new EmulatedMessage(this, _state.NextMessageId(), now, sender, text, attachments);
            Keep(message);
        }

        Tell(message);
        if (notifies)
        {
            _state.MessageAppeared?.Invoke(message);
        }

        _state.RaiseChanged();
        return message;
    }

    /// <summary>Restores a message of a saved state without a notification: it was notified when it was new.</summary>
    internal void Restore(long id, DateTimeOffset createdAt, EmulatedSender sender, string? text, ChatAttachment[] attachments)
    {
        lock (_gate)
        {
            Keep(new EmulatedMessage(this, id, createdAt, sender, text, attachments));
        }
    }

    private void Keep(EmulatedMessage message)
    {
        _messages.Enqueue(message);
        _byId.Add(message.Id, message);
        if (_messages.Count > _state.Options.MessagesKept)
        {
            _byId.Remove(_messages.Dequeue().Id);
        }
    }
}
