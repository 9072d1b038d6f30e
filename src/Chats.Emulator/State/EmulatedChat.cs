using System.Collections.Concurrent;

namespace YandexMarket.Chats.Emulator;

/// <summary>A chat with a buyer. Thread-safe.</summary>
public sealed class EmulatedChat
{
    // The offset of the vendor's samples; what the service really uses is not documented.
    private static readonly TimeSpan _moscow = TimeSpan.FromHours(3);

    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<EmulatedMessage> _messages = new();
    private readonly ConcurrentDictionary<long, EmulatedMessage> _byId = new();
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
    /// <see cref="ChatsEmulatorOptions.MaxMessagesPerChat"/> are kept.
    /// </summary>
    public IReadOnlyList<EmulatedMessage> Messages => _messages.ToArray();

    internal int MessageCount => _messages.Count;

    /// <summary>Adds a message of the buyer. A notification is sent if notifications are on.</summary>
    /// <param name="text">The text; null for a message that has only attachments.</param>
    /// <param name="attachments">The attached files, if any.</param>
    /// <returns>The new message.</returns>
    /// <exception cref="ArgumentException">
    /// There is neither a text nor an attachment (the service has no such message), or an attachment is null or invalid.
    /// </exception>
    public EmulatedMessage Receive(string? text, params ChatAttachment[] attachments) =>
        AddMessage(EmulatedSender.Customer, text, attachments);

    /// <summary>Adds a message of any sender: the marketplace, its support, or the shop's staff in the browser.</summary>
    /// <param name="sender">Who wrote it: one of <see cref="EmulatedSender"/>, or any other.</param>
    /// <param name="text">The text; null for a message that has only attachments.</param>
    /// <param name="attachments">The attached files, if any.</param>
    /// <returns>The new message.</returns>
    /// <exception cref="ArgumentException">
    /// The sender is empty or white space, there is neither a text nor an attachment, or an attachment is null or invalid.
    /// </exception>
    public EmulatedMessage AddMessage(string sender, string? text, params ChatAttachment[] attachments) =>
        Add(sender, text, attachments);

    /// <summary>
    /// Adds a sticker of the buyer, as an attachment: how the service shows it is not documented. The service sends no notification for it.
    /// </summary>
    /// <param name="sticker">The sticker.</param>
    /// <returns>The new message.</returns>
    /// <exception cref="ArgumentException">The sticker is null or invalid.</exception>
    public EmulatedMessage ReceiveSticker(ChatAttachment sticker) => Add(EmulatedSender.Customer, null, [sticker], notifies: false);

    /// <summary>Opens a dispute in this chat. A notification is sent if notifications are on; nothing else changes.</summary>
    public void StartArbitrage() => Notify("CHAT_ARBITRAGE_STARTED", "startedAt");

    /// <summary>Closes the dispute of this chat. A notification is sent if notifications are on; nothing else changes.</summary>
    public void FinishArbitrage() => Notify("CHAT_ARBITRAGE_FINISHED", "finishedAt");

    /// <summary>Finds a message of this chat.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The message, or null if there is none with this id or it is no longer kept.</returns>
    public EmulatedMessage? FindMessage(long id) => _byId.GetValueOrDefault(id);

    /// <summary>
    /// Waits for the first matching message, such as the reply of the program under test. It may already be in the chat:
    /// <c>await chat.WaitForAsync(it => it.Text == "Hi")</c>.
    /// </summary>
    /// <param name="wanted">The condition. It can be called on any thread; its exceptions are thrown by this method.</param>
    /// <param name="cancellationToken">Cancels waiting. Pass one with a timeout, so that a failing test does not wait forever.</param>
    /// <returns>The message.</returns>
    /// <exception cref="ArgumentNullException">The condition is null.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task<EmulatedMessage> WaitForAsync(Func<EmulatedMessage, bool> wanted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        for (var lastSeen = 0L; ;)
        {
            // Before the messages are read, so that none is missed.
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
    internal IEnumerable<EmulatedMessage> NewestAfter(long id, int atMost) =>
        _messages.SkipWhile(message => message.Id <= id).TakeLast(atMost);

    internal EmulatedMessage Add(string sender, string? text, ChatAttachment[] attachments, bool notifies = true)
    {
        ArgumentNullException.ThrowIfNull(attachments);
        EmulatedMessage message;
        lock (_gate)
        {
            // The id is assigned inside the lock, so that ids increase in the order of the list.
            var now = _emulator.Options.TimeProvider.GetUtcNow().ToOffset(_moscow);
            message = new EmulatedMessage(this, Interlocked.Increment(ref _emulator.LastMessageId), now, sender, text, attachments);
            Restore(message);
        }

        Interlocked.Exchange(ref _nextMessage, NewSignal()).SetResult();
        if (notifies)
        {
            _emulator.Notifications.Notify(Notification.Of(message));
        }

        _emulator.RaiseStateChanged();
        return message;
    }

    /// <summary>Adds a message without a notification, as for one of a saved state.</summary>
    internal void Restore(EmulatedMessage message)
    {
        _byId[message.Id] = message;
        _messages.Enqueue(message);
        if (_messages.Count > _emulator.Options.MaxMessagesPerChat && _messages.TryDequeue(out var oldest))
        {
            _byId.TryRemove(oldest.Id, out _);
        }
    }

    internal void Notify(string type, string timeName) =>
        _emulator.Notifications.Notify(new Notification(type, timeName, _emulator.Options.TimeProvider.GetUtcNow(), this));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
