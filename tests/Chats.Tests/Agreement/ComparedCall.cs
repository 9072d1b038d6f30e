using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>The client's word on a call beside the emulator's truth.</summary>
/// <param name="Plan">What was called.</param>
/// <param name="Exception">How the client ended it, or null if it returned.</param>
/// <param name="Message">What a read returned.</param>
/// <param name="Wanted">What a read had to return.</param>
/// <param name="Requests">The requests that the emulator saw of it.</param>
/// <param name="InChats">How often its text stands in the emulator's chats.</param>
internal sealed record ComparedCall(
    PlannedCall Plan,
    Exception? Exception,
    ChatMessage? Message,
    EmulatedMessage? Wanted,
    IReadOnlyList<RecordedRequest> Requests,
    int InChats)
{
    public Word Word => Exception switch
    {
        null => Word.Returned,
        ChatsException { MayHaveBeenSent: true } => Word.MayHaveBeenSent,
        ChatsException => Word.NotSent,
        ChatsCanceledException canceled => canceled.MayHaveBeenSent ? Word.MayHaveBeenSent : Word.NotSent,
        _ => Word.None,
    };

    /// <summary>Once the time is over, nothing that comes later counts: more caution than the record asks for is right then.</summary>
    public bool TimeWasOver => Exception is ChatsConnectionException { IsTimeout: true };

    /// <summary>What happened to it, in a few words: a row of the table.</summary>
    public string Fate => Requests switch
    {
        [] when Plan.Obstacle == Obstacle.NoServer => "nobody listens",
        [] => TimeWasOver ? "time over, never arrived" : "never arrived",
        [.., { Fault: { } fault }] => $"{fault}",
        [.., { Status: 420, ErrorMessage: { } limit }] => $"answered 420, {(limit.Contains("parallel", StringComparison.Ordinal) ? "at once" : "this hour")}",
        [.., var last] => $"{(TimeWasOver ? "time over, " : "")}answered {last.Status?.ToString() ?? "nothing"}",
    };

    /// <summary>Where word and truth disagree; empty if nowhere.</summary>
    public IEnumerable<string> Disagreements()
    {
        var truths = Plan.IsRead ? OfRead() : OfSend();
        return truths.Where(rule => rule.IsBroken).Select(rule => $"{Plan} {rule.Text}: the client said {Word}, {Fate}, {InChats} times in the chats. {Exception}");
    }

    private IEnumerable<(bool IsBroken, string Text)> OfSend()
    {
        yield return (Word == Word.None, "ended as something that says nothing");
        yield return (InChats > 1, "reached the buyer twice");
        yield return (Word == Word.Returned && InChats != 1, "returned, and was not taken");
        yield return (Word == Word.NotSent && InChats != 0, "was denied, and was taken");
        yield return (Requests.Count > 1, "was sent more than once");
        yield return (Requests.Count(request => request.WasDelivered) != InChats, "has a record that its chat contradicts");

        // Caution is no excuse for saying nothing: where the truth can be known, it has to be said.
        yield return (Word == Word.MayHaveBeenSent && Answered(status => status is >= 400 and < 500), "was refused, and is told as uncertain");
        yield return (Word == Word.MayHaveBeenSent && Plan.Obstacle == Obstacle.NoServer, "had nobody to go to, and is told as uncertain");
        yield return (Word != Word.Returned && Answered(status => status == 200), "was answered well, and failed");
    }

    private IEnumerable<(bool IsBroken, string Text)> OfRead()
    {
        yield return (Word == Word.None, "ended as something that says nothing");
        yield return (Word == Word.MayHaveBeenSent, "reads, and is told as sent");
        yield return (InChats > 0 || Requests.Any(request => request.WasDelivered), "reads, and was taken");
        yield return (Word == Word.Returned && !IsWanted(Message), "returned another message");
        yield return (Word != Word.Returned && Answered(status => status == 200), "was answered well, and failed");
    }

    private bool Answered(Predicate<int> status) =>
        !TimeWasOver && Requests is [.., { Fault: null, Status: { } answered }] && status(answered);

    private bool IsWanted(ChatMessage? message) => message is { Sender: ChatMessageSender.Customer }
        && (message.MessageId, message.Message, message.CreatedAt) == (Wanted?.Id, Wanted?.Text, Wanted?.CreatedAt);
}
