namespace YandexMarket.Chats.Emulator;

public sealed partial class ChatsEmulator
{
    /// <summary>
    /// Raised after each change of what <see cref="SaveState"/> saves, on the thread that made it and before the response to its caller:
    /// return quickly. An exception thrown here comes out of whatever made the change.
    /// </summary>
    public event Action? StateChanged
    {
        add => _state.Changed += value;
        remove => _state.Changed -= value;
    }

    /// <summary>
    /// Writes the businesses, chats, messages and keys as JSON, for <see cref="ChatsEmulatorOptions.InitialState"/> of another emulator. The
    /// emulator goes on working meanwhile: a message that appears during the call may be in it or not. The record of calls, the quota used
    /// and the faults are not saved.
    /// </summary>
    /// <remarks>
    /// <para>It holds the keys and the texts in plain text: anyone who can read it can use the keys.</para>
    /// <para>
    /// The members, all required but for those with a question mark; an unknown one, one that is there twice, a comment and a comma too
    /// many are errors. <c>createdAt</c> has an offset or ends in Z. The numbers of messages are unique in the whole state and rise within
    /// a chat. <c>lastMessageId</c> is the highest number ever given, so that none is given twice.
    /// </para>
    /// <code>
    /// {
    ///   "version": 1,
    ///   "keys": [{ "key": "my-key", "scopes": ["communication"], "businessId"?: 1, "revoked"?: true }],
    ///   "businesses": [{
    ///     "id": 1,
    ///     "chats": [{
    ///       "id": 2,
    ///       "messages": [{
    ///         "id": 3, "createdAt": "2025-11-21T13:20:30+03:00", "sender": "CUSTOMER", "text"?: "Hello",
    ///         "attachments"?: [{ "name": "box.jpg", "url": "https://example.org/box.jpg", "size": 48213 }]
    ///       }]
    ///     }]
    ///   }],
    ///   "lastMessageId"?: 3
    /// }
    /// </code>
    /// </remarks>
    /// <param name="utf8">Where to write. It is not closed.</param>
    /// <exception cref="ArgumentNullException">The stream is null.</exception>
    public void SaveState(Stream utf8)
    {
        ArgumentNullException.ThrowIfNull(utf8);
        StateWriter.Write(_state, utf8);
    }
}
