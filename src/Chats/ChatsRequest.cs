using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

/// <summary>
/// A request of a <see cref="ChatsClient"/>, with what message handlers between the client and the network need to retry, limit or count
/// calls.
/// </summary>
/// <remarks>Its members may be used by one thread at a time, except <see cref="KeepUntilEnd"/>.</remarks>
public sealed class ChatsRequest : HttpRequestMessage
{
    // .NET Framework creates a new Uri for every response, so only its value can be compared there.
    private static readonly bool _addressesAreKept = typeof(object).Assembly.GetName().Name != "mscorlib";

    private readonly Uri _address;
    private readonly CallTimeout _timeout;
    private readonly bool _isMarked;
    private RequestBody? _body;
    private IDisposable? _held;
    private volatile Description? _described;
    private volatile bool _disposed;

    internal ChatsRequest(ChatsOperation operation, string url, IJsonModel? body, CallTimeout timeout, bool isMarked)
        : base(operation.Method, new Uri(url))
    {
        Operation = operation;
        _timeout = timeout;
        _isMarked = isMarked;
        _address = RequestUri!;
        if (body is not null)
        {
            SetBody(new RequestBody(body));
        }
    }

    /// <summary>The operation.</summary>
    public ChatsOperation Operation { get; }

    /// <summary>
    /// Whether the service may have accepted the message of the current attempt, as far as is known without a response. False for a read.
    /// </summary>
    public bool MayHaveBeenSent => !Operation.IsRead && !(_body is { Mark.WasRead: false } && ReferenceEquals(Content, _body));

    /// <summary>Whether something between the client and the network tried to send the message again.</summary>
    internal bool WasRepeated => _body is { Mark.WasRepeated: true };

    /// <summary>How long the call may still take; zero when it is over, <see cref="TimeSpan.MaxValue"/> without a limit.</summary>
    public TimeSpan TimeRemaining => _disposed ? TimeSpan.Zero : _timeout.Remaining;

    /// <summary>Whether the call has timed out, was canceled by its caller, or its client was disposed.</summary>
    public bool IsOver => _disposed || _timeout.IsOver;

    /// <summary>The mark of the attempt that a request, or a clone with its options, belongs to; null without one.</summary>
    internal static SendMark? MarkOf(HttpRequestMessage request) =>
#if NET
        request.Options.TryGetValue(_markKey, out var mark) ? mark : null;
#else
        request.Properties.TryGetValue(MarkName, out var mark) ? mark as SendMark : null;
#endif

    /// <summary>
    /// Makes the request ready for another attempt if the response proves that the service refused this one; <see cref="MayHaveBeenSent"/>
    /// is then false. Any other response changes nothing, and neither does a request whose body a handler has replaced: it is not known
    /// what another attempt would send.
    /// </summary>
    /// <param name="response">The response to the last attempt.</param>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    public void PrepareForRetry(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (_body is { Mark.WasRead: true } last && ReferenceEquals(Content, last) &&
            ChatsExceptionFactory.ProvesRefusal((int)response.StatusCode) && !WasRedirected(response))
        {
            SetBody(last.CloneForRetry());
        }
    }

    /// <summary>
    /// Keeps an object until the call has read its response, and then disposes it. An object kept before is disposed at once, and so is
    /// this one if the call is over.
    /// </summary>
    /// <param name="held">The object, for instance the lease of a rate limiter; null to keep nothing.</param>
    public void KeepUntilEnd(IDisposable? held)
    {
        Interlocked.Exchange(ref _held, held)?.Dispose();
        if (_disposed)
        {
            // An outer handler abandoned this attempt: the call is over.
            Interlocked.Exchange(ref _held, null)?.Dispose();
        }
    }

    internal void AddHeaders(string apiKey, string? integration)
    {
        // All of these values are known to be valid.
        Headers.TryAddWithoutValidation("Accept", "application/json");
        Headers.TryAddWithoutValidation(ChatsContract.ApiKeyHeader, apiKey);
        if (integration is not null)
        {
            Headers.TryAddWithoutValidation("X-Market-Integration", integration);
        }
    }

    /// <summary>
    /// Whether something followed a redirect, so that the request, and with it the key, went to another address or to the same one again.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <returns>True if something followed a redirect.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    public bool WasRedirected(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var last = response.RequestMessage ?? this;
        return last.Method != Operation.Method || !(_addressesAreKept ? ReferenceEquals(last.RequestUri, _address) : last.RequestUri == _address);
    }

    /// <summary>
    /// What a response says besides its content. For a 420 or 429 this also reads the body, because only the body names the limit. The body
    /// stays readable; one that cannot be read is replaced by an empty one.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <param name="cancellationToken">Cancels reading, not the call.</param>
    /// <returns>What the response says; the same object on each call.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    public ValueTask<ChatsResponseInfo> ReadInfoAsync(HttpResponseMessage response, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(response);
        return (int)response.StatusCode is 420 or 429 && InfoOf(response).Limit == ChatsLimitKind.Unknown
            ? ReadLimitAsync(response, cancellationToken)
            : new(InfoOf(response));
    }

    /// <summary>The headers of a response are parsed once.</summary>
    internal ChatsResponseInfo InfoOf(HttpResponseMessage response, ChatsLimitKind limit = ChatsLimitKind.Unknown)
    {
        var known = _described;
        var isKnown = ReferenceEquals(known?.Response, response);
        var info = isKnown ? known!.Info : ChatsResponseInfo.Of(Operation, response, _timeout.Clock);
        if (limit != ChatsLimitKind.Unknown && limit != info.Limit)
        {
            info = info.With(limit, response, _timeout.Clock);
        }
        else if (isKnown)
        {
            return info;
        }

        _described = new Description(response, info);
        return info;
    }

    private async ValueTask<ChatsResponseInfo> ReadLimitAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        InfoOf(response, await LimitText.ReadAsync(response, cancellationToken).ConfigureAwait(false));

    /// <summary>Whether a handler sent a copy of the text past no handler of ours that could count how often.</summary>
    internal bool WasCopied(HttpResponseMessage response) =>
        _body is { Mark.IsGuarded: false } body && response.RequestMessage is { } last && !ReferenceEquals(last.Content, body);

    /// <summary>Ends the call, and disposes the object that was kept for it.</summary>
    /// <param name="disposing">True from Dispose, false from a finalizer.</param>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disposed = true;
            Interlocked.Exchange(ref _held, null)?.Dispose();
            CloseConnections();
        }

        base.Dispose(disposing);
    }

    // One object: an attempt that an outer handler has abandoned may still run, and must not mix its response with another's.
    private sealed class Description(HttpResponseMessage response, ChatsResponseInfo info)
    {
        public HttpResponseMessage Response => response;

        public ChatsResponseInfo Info => info;
    }

    private const string MarkName = "YandexMarket.Chats.SendMark";

#if NET
    private static readonly HttpRequestOptionsKey<SendMark> _markKey = new(MarkName);

    private sealed record OwnConnection(IDisposable Connection, OwnConnection? Next);

    private OwnConnection? _connections;

    /// <summary>Closes a connection that serves this request alone when the call ends; at once if it has ended.</summary>
    internal void CloseAtEnd(IDisposable connection)
    {
        OwnConnection? others;
        do
        {
            others = Volatile.Read(ref _connections);
        }
        while (Interlocked.CompareExchange(ref _connections, new OwnConnection(connection, others), others) != others);

        if (_disposed)
        {
            CloseConnections();
        }
    }

    private void CloseConnections()
    {
        for (var own = Interlocked.Exchange(ref _connections, null); own is not null; own = own.Next)
        {
            own.Connection.Dispose();
        }
    }

    private void SetBody(RequestBody body)
    {
        Content = _body = body;
        if (_isMarked)
        {
            Options.Set(_markKey, body.Mark);
        }
    }
#else
    private static void CloseConnections()
    {
        // In this build each send has its own handler, which closes its connection.
    }

    private void SetBody(RequestBody body)
    {
        Content = _body = body;
        if (_isMarked)
        {
            Properties[MarkName] = body.Mark;
        }
    }
#endif
}
