namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>What the client said of a call: it returned, it threw with a value of <c>MayHaveBeenSent</c>, or it threw something else.</summary>
internal enum Word { Returned, NotSent, MayHaveBeenSent, None }

/// <summary>What the client reported about a call, compared with what the emulator saw of it, and how often its text is in the chats there.</summary>
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

    /// <summary>Once a call is ended, no later response counts: more caution than the record asks for is right then.</summary>
    public bool WasEnded => Exception is ChatsConnectionException { IsTimeout: true } or ChatsCanceledException;

    /// <summary>What happened to it, in a few words: a row of the table.</summary>
    public string Fate => Requests switch
    {
        [] when Plan.Obstacle == Obstacle.NoServer => "nobody listens",
        [] => WasEnded ? "ended, never arrived" : "never arrived",
        [.., { Fault: { } fault }] => $"{fault}",
        [.., { Status: 420, ErrorMessage: { } limit }] => $"responded 420, {(limit.Contains("parallel", StringComparison.Ordinal) ? "at once" : "this hour")}",
        [.., var last] => $"{(WasEnded ? "ended, " : "")}responded {last.Status?.ToString() ?? "nothing"}",
    };

    /// <summary>Where the two disagree; empty if nowhere.</summary>
    public IEnumerable<string> Disagreements()
    {
        var rules = (Plan.IsRead ? OfRead() : OfSend()).Concat(OfBoth());
        return rules.Where(rule => rule.IsBroken).Select(rule => $"{Plan} {rule.Text}: the client said {Word}, {Fate}, {InChats} times in the chats. {Exception}");
    }

    private IEnumerable<(bool IsBroken, string Text)> OfSend()
    {
        yield return (InChats > 1, "reached the buyer twice");
        yield return (Word == Word.Returned && InChats != 1, "returned, and was not taken");
        yield return (Word == Word.NotSent && InChats != 0, "was denied, and was taken");
        yield return (Requests.Count > 1, "was sent more than once");
        yield return (Requests.Count(request => request.WasDelivered) != InChats, "has a record that its chat contradicts");

        // Where the client can know that nothing was sent, it has to say so.
        yield return (Word == Word.MayHaveBeenSent && Responded(status => status is >= 400 and < 500), "was refused, and is reported as uncertain");
        yield return (Word == Word.MayHaveBeenSent && Plan.Obstacle == Obstacle.NoServer, "had nobody to go to, and is reported as uncertain");
    }

    private IEnumerable<(bool IsBroken, string Text)> OfRead()
    {
        yield return (Word == Word.MayHaveBeenSent, "reads, and is reported as sent");
        yield return (InChats > 0 || Requests.Any(request => request.WasDelivered), "reads, and was taken");
        yield return (Word == Word.Returned && !IsWanted(Message), "returned another message");
    }

    private IEnumerable<(bool IsBroken, string Text)> OfBoth()
    {
        yield return (Word == Word.None, "ended as something that says nothing");
        yield return (Word != Word.Returned && Responded(status => status == 200), "got a good response, and failed");
        yield return (Exception is ChatsCanceledException && Plan.Obstacle != Obstacle.Cancellation, "was canceled, and not by its caller");
        yield return (
            Exception is ChatsConnectionException { IsTimeout: true } && Plan.Obstacle != Obstacle.Timeout
                && !Requests.Any(request => request.Fault?.Name == ChatsFault.Stall.Name), "timed out, and not by its clock");
        yield return (Exception is ChatsCanceledException { InnerException: not null }, "was canceled, with a cause that may quote a response");
        yield return (
            Exception is ChatsApiException api && Requests is [.., { Fault: null, Status: var status }] && api.StatusCode != status,
            "ended with another status");
        yield return (
            Exception is ChatsRateLimitException limited && Fate is "responded 420, at once" or "responded 420, this hour"
                && !IsTold(limited.Limit, Fate == "responded 420, at once" ? ChatsLimitKind.Parallel : ChatsLimitKind.Hourly), "ended with another limit");
    }

    /// <summary>The kind of limit is in the body: a timeout can come between the headers and the body, and then it is unknown.</summary>
    private bool IsTold(ChatsLimitKind limit, ChatsLimitKind served) =>
        limit == served || (limit == ChatsLimitKind.Unknown && Plan.Obstacle == Obstacle.Timeout);

    private bool Responded(Predicate<int> status) =>
        !WasEnded && Requests is [.., { Fault: null, Status: { } responded }] && status(responded);

    private bool IsWanted(ChatMessage? message) => message is { Sender: ChatMessageSender.Customer }
        && (message.MessageId, message.Message, message.CreatedAt) == (Wanted?.Id, Wanted?.Text, Wanted?.CreatedAt);
}
