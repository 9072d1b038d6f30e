namespace YandexMarket.Chats.Emulator;

/// <summary>A chat with a buyer. Thread-safe.</summary>
public sealed class EmulatedChat
{
    // The offset of the vendor's samples; what the service really uses is not documented.
    private static readonly TimeSpan _moscow = TimeSpan.FromHours(3);

    private readonly Lock _gate = new();
    private readonly Queue<EmulatedMessage> _messages = new();
    private readonly Dictionary<long, EmulatedMessage> _byId = [];
    private readonly ChatsEmulator _emulator;
    private TaskCompletionSource _nextMessage = NewSignal();

    internal EmulatedChat(ChatsEmulator emulator, EmulatedBusiness business, long id)
    {
        _emulator = emulator;
        Business = business;
        Id = id;
    }

    /// <summary>The business of the chat.</summary>
    public EmulatedBusiness Business { get; }

    /// <summary>The id, 1 or more.</summary>
    public long Id { get; }

    /// <summary>
    /// The current messages, oldest first: all that were delivered, whatever response the sender got. Only the newest
    /// <see cref="ChatsEmulatorOptions.MessagesKept"/> are kept.
    /// </summary>
    public IReadOnlyList<EmulatedMessage> Messages => NewestAfter(0, int.MaxValue);

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

    /// <summary>Adds a message of the buyer. A notification is sent if notifications are on.</summary>
    /// <param name="text">The text; null for a message that has only attachments.</param>
    /// <param name="attachments">The attached files, if any.</param>
    /// <returns>The message, with its id.</returns>
    /// <exception cref="ArgumentException">There is neither a text nor an attachment: the service has no such message.</exception>
    public EmulatedMessage Receive(string? text, params ChatAttachment[] attachments) =>
        AddMessage(EmulatedSender.Customer, text, attachments);

    /// <summary>Adds a message of any sender: the marketplace, its support, or the shop's staff in the browser.</summary>
    /// <param name="sender">Who wrote it.</param>
    /// <param name="text">The text; null for a message that has only attachments.</param>
    /// <param name="attachments">The attached files, if any.</param>
    /// <returns>The message, with its id.</returns>
    /// <exception cref="ArgumentNullException">The sender or the array of attachments is null.</exception>
    /// <exception cref="ArgumentException">There is neither a text nor an attachment, or one of the attachments is null.</exception>
    public EmulatedMessage AddMessage(EmulatedSender sender, string? text, params ChatAttachment[] attachments)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(attachments);
        if (string.IsNullOrEmpty(text) && attachments.Length == 0)
        {
            throw new ArgumentException("A message needs a text or an attachment.", nameof(text));
        }

        if (attachments.Contains(null))
        {
            throw new ArgumentException("An attachment is null.", nameof(attachments));
        }

        return Add(sender, text, [.. attachments]);
    }

    /// <summary>Adds a sticker of the buyer: a message like any other, but the service sends no notification for it.</summary>
    /// <param name="sticker">The sticker. How the service shows it is not documented; here it is an attachment.</param>
    /// <returns>The message, with its id.</returns>
    /// <exception cref="ArgumentNullException">The sticker is null.</exception>
    public EmulatedMessage ReceiveSticker(ChatAttachment sticker)
    {
        ArgumentNullException.ThrowIfNull(sticker);
        return Add(EmulatedSender.Customer, null, [sticker], notifies: false);
    }

    /// <summary>Opens a dispute in this chat. A notification is sent if notifications are on; nothing else changes.</summary>
    public void StartArbitrage() =>
        _emulator.Notifications.Notify(Notification.ArbitrageStarted(this, _emulator.Options.TimeProvider.GetUtcNow()));

    /// <summary>Closes the dispute of this chat. A notification is sent if notifications are on; nothing else changes.</summary>
    public void FinishArbitrage() =>
        _emulator.Notifications.Notify(Notification.ArbitrageFinished(this, _emulator.Options.TimeProvider.GetUtcNow()));

    /// <summary>Finds a message of this chat by its id.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The message, or null.</returns>
    public EmulatedMessage? FindMessage(long id)
    {
        lock (_gate)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    /// <summary>
    /// Waits for a message, such as the reply of the program under test: <c>await chat.WaitForAsync(it => it.Text == "Hi")</c>. A message
    /// that the chat already has counts too.
    /// </summary>
    /// <param name="wanted">Whether a message is the one. It can be called on any thread; its exceptions are thrown by this method.</param>
    /// <param name="cancellationToken">Cancels waiting. Pass one with a timeout, so that a failing test does not wait forever.</param>
    /// <returns>The first matching message.</returns>
    /// <exception cref="ArgumentNullException">The condition is null.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<EmulatedMessage> WaitForAsync(Func<EmulatedMessage, bool> wanted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        for (var lastSeen = 0L; ;)
        {
            // Taken before the messages are read, so that no message is missed.
            var nextMessage = Volatile.Read(ref _nextMessage).Task;
            foreach (var message in NewestAfter(lastSeen, int.MaxValue))
            {
                if (wanted(message))
                {
                    return message;
                }

                lastSeen = message.Id;
            }

            await nextMessage.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The newest messages, at most so many, with a higher id than this one; oldest first.</summary>
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
            // The id is assigned inside the lock, so that ids increase in the order of the list.
            var now = _emulator.Options.TimeProvider.GetUtcNow().ToOffset(_moscow);
            message = new EmulatedMessage(this, _emulator.NextMessageId(), now, sender, text, attachments);
            Keep(message);
        }

        Interlocked.Exchange(ref _nextMessage, NewSignal()).SetResult();
        if (notifies)
        {
            _emulator.Notifications.Notify(Notification.MessageSent(message));
        }

        _emulator.RaiseStateChanged();
        return message;
    }

    /// <summary>Restores a message of a saved state.</summary>
    internal void Restore(long id, DateTimeOffset createdAt, EmulatedSender sender, string? text, ChatAttachment[] attachments)
    {
        lock (_gate)
        {
            Keep(new EmulatedMessage(this, id, createdAt, sender, text, attachments));
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Keep(EmulatedMessage message)
    {
        _messages.Enqueue(message);
        _byId.Add(message.Id, message);
        if (_messages.Count > _emulator.Options.MessagesKept)
        {
            _byId.Remove(_messages.Dequeue().Id);
        }
    }
}
