namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>What can stop a call, besides the faults of the network. A timeout or a cancellation comes at any moment.</summary>
internal enum Obstacle { None, DeadKey, ReadOnlyKey, UnknownChat, NoServer, Timeout, Cancellation }

/// <summary>What the client said of a call: it returned, it threw with a value of <c>MayHaveBeenSent</c>, or it threw something else.</summary>
internal enum Word { Returned, NotSent, MayHaveBeenSent, None }

/// <summary>
/// One call, drawn from the seed, with what the client reported of it and what the emulator saw. No two share a number, a key, a text or a clock.
/// The spot of a read is one of the chat's messages; that of a timeout or a cancellation, how far the call gets.
/// </summary>
internal sealed record AgreementCall(int Number, bool IsRead, int Business, int Chat, int Spot, Obstacle Obstacle)
{
    public const int Businesses = 16;
    public const int ChatsEach = 4;
    public const int MessagesEach = 8;
    private const int UnknownChat = 99;

    /// <summary>A text that no other call sends, and that says where it belongs.</summary>
    public string Text => $"call {Number} to {Business}/{Chat}";

    /// <summary>The emulator's record keeps the first four characters of a key: a key for each call tells whose request it was.</summary>
    public string Key => $"{Hint}-of-one-call";

    /// <summary>What the record keeps of the key.</summary>
    public string Hint => $"{Number:x4}";

    public ManualClock Clock { get; } = new();

    public ConcurrentQueue<RecordedRequest> Requests { get; } = new();

    public Exception? Exception { get; set; }

    public ChatMessage? Message { get; set; }

    /// <summary>The message that a read asks for, if its chat is known.</summary>
    public EmulatedMessage? Wanted { get; set; }

    /// <summary>How often its text is in the chats of the emulator.</summary>
    public int InChats { get; set; }

    public Word Word => Exception switch
    {
        null => Word.Returned,
        ChatsException { MayHaveBeenSent: true } or ChatsCanceledException { MayHaveBeenSent: true } => Word.MayHaveBeenSent,
        ChatsException or ChatsCanceledException => Word.NotSent,
        _ => Word.None,
    };

    /// <summary>Once a call is ended, no later response counts: more caution than the record asks for is right then.</summary>
    public bool WasEnded => Exception is ChatsConnectionException { IsTimeout: true } or ChatsCanceledException;

    /// <summary>What happened to it, in a few words: a row of the table.</summary>
    public string Fate => Requests.LastOrDefault() switch
    {
        null when Obstacle == Obstacle.NoServer => "nobody listens",
        null => WasEnded ? "ended, never arrived" : "never arrived",
        { Fault: { } fault } => $"{fault}",
        { Status: 420, ErrorMessage: { } limit } => $"responded 420, {(limit.Contains("parallel", StringComparison.Ordinal) ? "at once" : "this hour")}",
        var last => $"{(WasEnded ? "ended, " : "")}responded {last.Status?.ToString() ?? "nothing"}",
    };

    public static AgreementCall Draw(Random dice, int number)
    {
        var obstacle = dice.Next(100) switch
        {
            < 2 => Obstacle.DeadKey,
            < 4 => Obstacle.ReadOnlyKey,
            < 6 => Obstacle.UnknownChat,
            < 8 => Obstacle.NoServer,
            < 16 => Obstacle.Timeout,
            < 22 => Obstacle.Cancellation,
            _ => Obstacle.None,
        };
        var chat = obstacle == Obstacle.UnknownChat ? UnknownChat : dice.Next(ChatsEach) + 1;
        return new(number, dice.Next(4) == 0, dice.Next(Businesses) + 1, chat, dice.Next(MessagesEach), obstacle);
    }

    /// <summary>Where the client's word and the emulator's record disagree; empty if nowhere.</summary>
    public IEnumerable<string> Disagreements() => (IsRead ? OfRead() : OfSend()).Concat(OfBoth()).Where(rule => rule.IsBroken).Select(rule =>
        $"Call {Number} ({Obstacle}) {rule.Text}: the client said {Word}, {Fate}, {InChats} times in the chats. {Exception}");

    private IEnumerable<(bool IsBroken, string Text)> OfSend()
    {
        yield return (InChats > 1, "reached the buyer twice");
        yield return (Word == Word.Returned && InChats != 1, "returned, and was not taken");
        yield return (Word == Word.NotSent && InChats != 0, "was denied, and was taken");
        yield return (Requests.Count > 1, "was sent more than once");
        yield return (Requests.Count(request => request.WasDelivered) != InChats, "has a record that its chat contradicts");

        // Where the client can know that nothing was sent, it has to say so.
        yield return (Word == Word.MayHaveBeenSent && Responded(status => status is >= 400 and < 500), "was refused, and is reported as uncertain");
        yield return (Word == Word.MayHaveBeenSent && Obstacle == Obstacle.NoServer, "had nobody to go to, and is reported as uncertain");
    }

    private IEnumerable<(bool IsBroken, string Text)> OfRead()
    {
        yield return (Word == Word.MayHaveBeenSent, "reads, and is reported as sent");
        yield return (InChats > 0 || Requests.Any(request => request.WasDelivered), "reads, and was taken");
        yield return (
            Word == Word.Returned && (Message!.Sender != ChatMessageSender.Customer
                || (Message.MessageId, Message.Message, Message.CreatedAt) != (Wanted?.Id, Wanted?.Text, Wanted?.CreatedAt)), "returned another message");
    }

    private IEnumerable<(bool IsBroken, string Text)> OfBoth()
    {
        yield return (Word == Word.None, "ended as something that says nothing");
        yield return (Word != Word.Returned && Responded(status => status == 200), "got a good response, and failed");
        yield return (Exception is ChatsCanceledException && Obstacle != Obstacle.Cancellation, "was canceled, and not by its caller");
        yield return (
            Exception is ChatsConnectionException { IsTimeout: true } && Obstacle != Obstacle.Timeout
                && !Requests.Any(request => request.Fault?.Name == ChatsFault.Stall.Name), "timed out, and not by its clock");
        yield return (Exception is ChatsCanceledException { InnerException: not null }, "was canceled, with a cause that may quote a response");
        yield return (
            Exception is ChatsApiException api && Requests.LastOrDefault() is { Fault: null, Status: var status } && api.StatusCode != status,
            "ended with another status");
        yield return (
            Exception is ChatsRateLimitException limited && Fate is "responded 420, at once" or "responded 420, this hour"
                && !IsTold(limited.Limit, Fate == "responded 420, at once" ? ChatsLimitKind.Parallel : ChatsLimitKind.Hourly), "ended with another limit");
    }

    /// <summary>The kind of limit is in the body: a timeout can come between the headers and the body, and then it is unknown.</summary>
    private bool IsTold(ChatsLimitKind limit, ChatsLimitKind served) =>
        limit == served || (limit == ChatsLimitKind.Unknown && Obstacle == Obstacle.Timeout);

    private bool Responded(Predicate<int> status) =>
        !WasEnded && Requests.LastOrDefault() is { Fault: null, Status: { } responded } && status(responded);
}
