namespace YandexMarket.Chats.Emulator;

/// <summary>What goes wrong with a call. See <see cref="ChatsFault"/> for when.</summary>
public enum ChatsFaultKind
{
    /// <summary>The connection is closed normally, without a byte of a response.</summary>
    ResponseLost,

    /// <summary>The connection is reset (TCP RST), without a byte of a response.</summary>
    ConnectionReset,

    /// <summary>Nothing is sent until the caller disconnects, or for some time, after which the call goes on normally.</summary>
    Stall,

    /// <summary>The service's response is sent, its head at once and its body byte by byte with pauses.</summary>
    SlowDrip,

    /// <summary>The head and the first half of the body are sent; then the connection is closed.</summary>
    TruncatedBody,

    /// <summary>Status 200 with an HTML page, as a proxy in front of the service may send.</summary>
    HtmlPage,

    /// <summary>Bytes that are not HTTP are sent; then the connection is closed.</summary>
    Garbage,

    /// <summary>Status 500 with the usual envelope.</summary>
    InternalServerError,

    /// <summary>Status 503 with the usual envelope.</summary>
    ServiceUnavailable,

    /// <summary>Status 200 with <c>"status":"ERROR"</c> in the envelope.</summary>
    ErrorEnvelope,

    /// <summary>Status 200 with an empty JSON object: no <c>status</c>, no <c>result</c>.</summary>
    MissingStatus,
}
