using static YandexMarket.Chats.Responder.Storage.MessageState;

namespace YandexMarket.Chats.Responder.Storage;

/// <summary>
/// The ways in which a message changes its state. Every update of the store names one of them. Those that keep the lease allow the worker to
/// report later how its send ended.
/// </summary>
internal sealed record Transition(IReadOnlyList<MessageState> From, MessageState To, string When, bool KeepsLease = false)
{
    public static readonly Transition Store = new([], Received, "its notification arrives, before the 200");
    public static readonly Transition Claim = new([Received], Answering, "a worker takes a lease", KeepsLease: true);
    public static readonly Transition TakeOver = new([Answering], Answering, "the lease expired before the send began", KeepsLease: true);
    public static readonly Transition BeginSend = new([Answering], Answering, "the text is stored; the send follows at once", KeepsLease: true);
    public static readonly Transition Confirm = new([Answering, InDoubt, NeedsAttention], Sent, "the service confirmed the send");
    public static readonly Transition Finish = new([Answering], NoReply, "the responder returned null, or no buyer wrote the message");
    public static readonly Transition Release = new([Answering, InDoubt], Received, "the host stops, or an earlier message of the chat has to come first");
    public static readonly Transition Retry = new([Answering, InDoubt], Received, "an attempt failed, and nothing was sent");
    public static readonly Transition GiveUp = new([Answering, InDoubt], NeedsAttention, "it failed too often, and nothing was sent");
    public static readonly Transition Doubt = new([Answering], InDoubt, "the text may have been sent, or the lease expired after the send began", KeepsLease: true);
    public static readonly Transition Prove = new([InDoubt, NeedsAttention], Sent, "a notification of the shop's own message with this text arrived");
    public static readonly Transition Expire = new([InDoubt], NeedsAttention, "there was no proof within `DoubtTimeout`", KeepsLease: true);
    public static readonly Transition MarkAsSent = new([NeedsAttention], Sent, "a human saw the text in the chat");
    public static readonly Transition SendAgain = new([NeedsAttention], Received, "a human decides so");
    public static readonly Transition Drop = new([NeedsAttention], NoReply, "a human decides so");
}
