using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

// What a response proves about the request: whether the service may have accepted the text, and whether it is the response to this request.
public sealed partial class ChatsRequest
{
    // The limit of SocketsHttpHandler.
    private const int MaxBytesSentAnyway = 1024;

    private static readonly bool _isNetFramework = typeof(object).Assembly.GetName().Name == "mscorlib";

    /// <summary>
    /// Whether the service may have accepted the message of the current attempt, as far as is known without a response. False for a read.
    /// </summary>
    public bool MayHaveBeenSent => !Operation.IsRead && !(_body is { WasRead: false } && ReferenceEquals(Content, _body));

    /// <summary>Whether something between the client and the network tried to send the message again.</summary>
    internal bool WasRepeated => _body is { WasRepeated: true };

    /// <summary>
    /// Whether a response proves that the service rejected the request. With a <see cref="ChatsSendOnceHandler"/> only the status that the network
    /// returned counts; without one no status does if a handler has buffered the text, because a handler could have sent it before.
    /// </summary>
    internal bool WasRejected(HttpResponseMessage response) =>
        ChatsExceptionFactory.ProvesRejection((int)response.StatusCode) && _body switch
        {
            null or { WasRead: false } => true,
            { IsGuarded: true } => _body.WasRejected,
            _ => !_body.WasRepeated && !IsCountUnknown(_body, response),
        };

    /// <summary>Whether the service may have accepted the message before this response.</summary>
    internal bool MayHaveBeenSentBefore(HttpResponseMessage response)
    {
        Seal();
        return !Operation.IsRead && !WasRejected(response);
    }

    /// <summary>Ends the call: a body that has not been read yet can no longer be sent, so that what the exception says stays true.</summary>
    internal void Seal() => _body?.Seal();

    /// <summary>
    /// Whether, without a <see cref="ChatsSendOnceHandler"/> that counts, the text may have been sent before: a handler buffered it, the rejection may
    /// have come before it was read, or a handler made up the response (it has neither request nor content; a test double's has content).
    /// </summary>
    private static bool IsCountUnknown(RequestBody body, HttpResponseMessage response) => response.RequestMessage is { } last
        ? body.WasBuffered || MayStayUnread(last)
        : response.Content is null or { Headers.ContentLength: 0 };

    /// <summary>
    /// Whether a rejection may come before the body is read. .NET, but not .NET Framework, always sends a short body over HTTP/1.1, so a second attempt
    /// is noticed.
    /// </summary>
    private static bool MayStayUnread(HttpRequestMessage request) =>
        request.Headers.ExpectContinue == true &&
        !(!_isNetFramework && request.Version.Major == 1 && request.Content?.Headers.ContentLength <= MaxBytesSentAnyway);

    /// <summary>
    /// Whether a redirect was followed: the request, with the key, was sent to another address, or to the same one again.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <returns>True if a redirect was followed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    public bool WasRedirected(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return FinalRequestDiffers(response, _addressOfAttempt ?? _address);
    }

    /// <summary>Like <see cref="WasRedirected"/>, after all handlers have returned.</summary>
    internal bool WasRedirectedAtEnd(HttpResponseMessage response) => FinalRequestDiffers(response, _address);

    /// <summary>
    /// The request passes the last handler before the network: a handler of the application may have changed its address before that, but only a
    /// redirect changes it afterwards, or for a second request.
    /// </summary>
    internal void RecordNetworkAddress() => _networkAddress ??= RequestUri;

    private bool FinalRequestDiffers(HttpResponseMessage response, Uri address)
    {
        var last = response.RequestMessage ?? this;
        return last.Method != Operation.Method || !(IsSame(last.RequestUri, address) || (_networkAddress is not null && IsSame(last.RequestUri, _networkAddress)));
    }

    // .NET Framework creates a new Uri for every response, so only its value can be compared there.
    private static bool IsSame(Uri? one, Uri other) => _isNetFramework ? one == other : ReferenceEquals(one, other);

    /// <summary>Whether a handler sent a copy of the text without a <see cref="ChatsSendOnceHandler"/> that could count how often.</summary>
    internal bool WasCopied(HttpResponseMessage response) =>
        _body is { IsGuarded: false } body && response.RequestMessage is { } last && !ReferenceEquals(last.Content, body);
}
