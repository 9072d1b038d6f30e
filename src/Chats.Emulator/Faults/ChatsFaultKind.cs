namespace YandexMarket.Chats.Emulator;

/// <summary>What goes wrong with a call. See <see cref="ChatsFault"/> for when.</summary>
public enum ChatsFaultKind
{
    /// <summary>The connection is closed in good order, without a byte of a response.</summary>
    ResponseLost,

    /// <summary>The connection is reset (TCP RST), without a byte of a response.</summary>
    ConnectionReset,

    /// <summary>Nothing comes: until the caller cancels, or for some time, after which the call goes on as if nothing had been.</summary>
    Stall,

    /// <summary>The true response comes, its head at once and its body byte by byte with pauses.</summary>
    SlowDrip,

    /// <summary>The status, the head and the first half of the body come; then the connection is closed.</summary>
    TruncatedBody,

    /// <summary>Status 200 with a page of HTML, as a server in front of the service may send.</summary>
    HtmlPage,

    /// <summary>Bytes come that are no HTTP; then the connection is closed.</summary>
    Garbage,

    /// <summary>Status 500 with the usual envelope.</summary>
    InternalServerError,

    /// <summary>Status 503 with the usual envelope.</summary>
    ServiceUnavailable,

    /// <summary>Status 200 whose envelope says ERROR.</summary>
    ErrorEnvelope,

    /// <summary>Status 200 with an empty JSON object: no <c>status</c>, no <c>result</c>.</summary>
    MissingStatus,
}
