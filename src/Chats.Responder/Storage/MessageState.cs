namespace YandexMarket.Chats.Responder.Storage;

/// <summary>The state of a buyer's message. Stored by name.</summary>
internal enum MessageState
{
    /// <summary>Stored; no worker has claimed it.</summary>
    Received,

    /// <summary>A worker holds the lease.</summary>
    Answering,

    /// <summary>The buyer received the text.</summary>
    Sent,

    /// <summary>It gets no reply: a buyer did not write it, or the responder returned null.</summary>
    NoReply,

    /// <summary>The buyer may have received the text. It is not sent again; the notification of the shop's own message is the proof.</summary>
    InDoubt,

    /// <summary>A human decides, through <see cref="IChatsResponderInbox"/>.</summary>
    NeedsAttention,
}
