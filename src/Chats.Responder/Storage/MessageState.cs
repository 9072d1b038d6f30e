namespace YandexMarket.Chats.Responder.Storage;

/// <summary>Where a message is on its way to one response. Stored by name.</summary>
internal enum MessageState
{
    /// <summary>Stored; no worker has claimed it.</summary>
    Received,

    /// <summary>A worker holds the lease.</summary>
    Answering,

    /// <summary>The buyer has the text.</summary>
    Sent,

    /// <summary>It needs no text: not a buyer's message, or the responder returned null.</summary>
    NoReply,

    /// <summary>The buyer may have the text. It is not sent again; the shop's own notification is the proof.</summary>
    InDoubt,

    /// <summary>A human decides, through <see cref="IChatsResponderInbox"/>.</summary>
    NeedsAttention,
}
