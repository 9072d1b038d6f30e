namespace YandexMarket.Chats.Emulator;

/// <summary>
/// One thing that goes wrong with a call, either before the service has seen it (nothing is checked, taken or counted) or after the
/// service has handled it and decided its response. <c>ChatsFault.InternalServerError.AfterTaking()</c> is the nasty one: the buyer has the
/// text and the caller has a 500.
/// </summary>
public sealed record ChatsFault
{
    private ChatsFault(ChatsFaultKind kind, bool takesMessage)
    {
        Kind = kind;
        TakesMessage = takesMessage;
    }

    /// <summary>
    /// The connection is closed without a response, after taking. Some HTTP stacks, .NET's among them, by themselves retry a read on
    /// another connection then; the record shows both calls.
    /// </summary>
    public static ChatsFault ResponseLost { get; } = new(ChatsFaultKind.ResponseLost, takesMessage: true);

    /// <summary>The connection is reset, before taking.</summary>
    public static ChatsFault ConnectionReset { get; } = new(ChatsFaultKind.ConnectionReset, takesMessage: false);

    /// <summary>No response until the caller cancels, and nothing taken. For a stall that ends see <see cref="For"/>.</summary>
    public static ChatsFault Stall { get; } = new(ChatsFaultKind.Stall, takesMessage: false);

    /// <summary>The true response byte by byte with pauses of 100 ms; for others see <see cref="For"/>.</summary>
    public static ChatsFault SlowDrip { get; } =
        new ChatsFault(ChatsFaultKind.SlowDrip, takesMessage: true).For(TimeSpan.FromMilliseconds(100));

    /// <summary>Half a response, after taking.</summary>
    public static ChatsFault TruncatedBody { get; } = new(ChatsFaultKind.TruncatedBody, takesMessage: true);

    /// <summary>A page of HTML with status 200, before taking.</summary>
    public static ChatsFault HtmlPage { get; } = new(ChatsFaultKind.HtmlPage, takesMessage: false);

    /// <summary>Bytes that are no HTTP, before taking.</summary>
    public static ChatsFault Garbage { get; } = new(ChatsFaultKind.Garbage, takesMessage: false);

    /// <summary>Status 500, before taking. Not counted in the hour's quota; whether the service counts it is not documented.</summary>
    public static ChatsFault InternalServerError { get; } = new(ChatsFaultKind.InternalServerError, takesMessage: false);

    /// <summary>Status 503, before taking. Not counted in the hour's quota; whether the service counts it is not documented.</summary>
    public static ChatsFault ServiceUnavailable { get; } = new(ChatsFaultKind.ServiceUnavailable, takesMessage: false);

    /// <summary>Status 200 whose envelope says ERROR, before taking.</summary>
    public static ChatsFault ErrorEnvelope { get; } = new(ChatsFaultKind.ErrorEnvelope, takesMessage: false);

    /// <summary>Status 200 and an empty JSON object, after taking.</summary>
    public static ChatsFault MissingStatus { get; } = new(ChatsFaultKind.MissingStatus, takesMessage: true);

    /// <summary>
    /// Every fault, before and after taking, but for those that need time (<see cref="Stall"/> and <see cref="SlowDrip"/>): what
    /// <see cref="ChatsFaults.Random"/> draws from by default.
    /// </summary>
    public static IReadOnlyList<ChatsFault> All { get; } =
    [
        .. new[]
        {
            ResponseLost, ConnectionReset, TruncatedBody, HtmlPage, Garbage,
            InternalServerError, ServiceUnavailable, ErrorEnvelope, MissingStatus,
        }.SelectMany(fault => new[] { fault.BeforeTaking(), fault.AfterTaking() }),
    ];

    /// <summary>What goes wrong.</summary>
    public ChatsFaultKind Kind { get; }

    /// <summary>Whether the service handles the call first. A call that it refuses takes nothing even then.</summary>
    public bool TakesMessage { get; private init; }

    /// <summary>
    /// Of a stall how long it lasts, null for until the caller cancels; of a slow drip the pause before each byte; of all others null.
    /// On the emulator's clock.
    /// </summary>
    public TimeSpan? Duration { get; private init; }

    /// <summary>The same fault after the service has handled the call.</summary>
    /// <returns>That fault.</returns>
    public ChatsFault AfterTaking() => this with { TakesMessage = true };

    /// <summary>
    /// The same fault before the service sees the call. A stall that ends goes on to the service then, unless the caller has gone.
    /// </summary>
    /// <returns>That fault.</returns>
    /// <exception cref="InvalidOperationException">The fault is a slow drip: it sends the true response, so there has to be one.</exception>
    public ChatsFault BeforeTaking() => Kind != ChatsFaultKind.SlowDrip
        ? this with { TakesMessage = false }
        : throw new InvalidOperationException("A slow drip sends the service's true response, so it always comes after taking.");

    /// <summary>The same fault with another duration.</summary>
    /// <param name="duration">Of a stall how long it lasts, of a slow drip the pause before each byte. Zero or more.</param>
    /// <returns>That fault.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The duration is negative.</exception>
    /// <exception cref="InvalidOperationException">The fault has no duration.</exception>
    public ChatsFault For(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        return Kind is ChatsFaultKind.Stall or ChatsFaultKind.SlowDrip
            ? this with { Duration = duration }
            : throw new InvalidOperationException($"{Kind} takes no time: only a stall and a slow drip have a duration.");
    }

    /// <summary>Names the fault for a log.</summary>
    /// <returns>The kind, and whether it comes before or after taking.</returns>
    public override string ToString() => $"{Kind} {(TakesMessage ? "after" : "before")} taking";
}
