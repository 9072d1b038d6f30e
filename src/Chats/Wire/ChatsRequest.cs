namespace YandexMarket.Chats.Wire;

/// <summary>A request of the client. A message handler recognizes its operation by it, and its mark by the request's options.</summary>
internal sealed class ChatsRequest : HttpRequestMessage
{
    // .NET Framework makes a new address for every response, so that only its value can be compared there.
    private static readonly bool _addressesAreKept = typeof(object).Assembly.GetName().Name != "mscorlib";

    private readonly Uri _address;
    private readonly CallTimeout _timeout;
    private readonly bool _isMarked;
    private RequestBody? _body;
    private IDisposable? _held;
    private volatile bool _disposed;

    public ChatsRequest(ChatsOperation operation, string url, IJsonModel? body, CallTimeout timeout, bool isMarked)
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

    public ChatsOperation Operation { get; }

    /// <summary>The key that the request carries; empty until it has its headers.</summary>
    public string ApiKey { get; private set; } = "";

    /// <summary>Whether the service may have taken a message, unless a response says more.</summary>
    public bool MayHaveBeenSent => !Operation.IsRead && !(_body is { Mark.WasRead: false } && ReferenceEquals(Content, _body));

    /// <summary>Whether something between the client and the network tried to send the message once more.</summary>
    public bool WasRepeated => _body is { Mark.WasRepeated: true };

    /// <summary>How long the call may still take.</summary>
    public TimeSpan TimeRemaining => _disposed ? TimeSpan.Zero : _timeout.Remaining;

    /// <summary>Whether the call ends because its time is over, its caller canceled it or its client was disposed.</summary>
    public bool IsOver => _disposed || _timeout.IsOver;

    /// <summary>The mark of the attempt that a request belongs to, also of a clone that has the options of the original; null without one.</summary>
    public static SendMark? MarkOf(HttpRequestMessage request) =>
#if NET
        request.Options.TryGetValue(_markKey, out var mark) ? mark : null;
#else
        request.Properties.TryGetValue(MarkName, out var mark) ? mark as SendMark : null;
#endif

    /// <summary>
    /// Makes the request ready for the next attempt after a response has proved that the service refused the last one. If a handler has
    /// put another body in place of ours, nobody can tell what the next attempt would send: nothing changes then.
    /// </summary>
    public void PrepareForRetry()
    {
        if (_body is { Mark.WasRead: true } last && ReferenceEquals(Content, last))
        {
            SetBody(last.CloneForRetry());
        }
    }

    /// <summary>Keeps something, in place of what it kept, until the call has read its response; then disposes it.</summary>
    public void Hold(IDisposable? held)
    {
        Interlocked.Exchange(ref _held, held)?.Dispose();
        if (_disposed)
        {
            // An outer handler abandoned this attempt: the call is over.
            Interlocked.Exchange(ref _held, null)?.Dispose();
        }
    }

    public void AddHeaders(string apiKey, string? integration)
    {
        ApiKey = apiKey;
        // All of them are known to be valid, so they need no validation.
        Headers.TryAddWithoutValidation("Accept", "application/json");
        Headers.TryAddWithoutValidation(ChatsContract.ApiKeyHeader, apiKey);
        if (integration is not null)
        {
            Headers.TryAddWithoutValidation("X-Market-Integration", integration);
        }
    }

    /// <summary>
    /// Whether the request, and with it the key, went to another address, or once more to the same one: a redirect that is followed makes
    /// a new address, and turns some sends into reads.
    /// </summary>
    public bool WasRedirected(HttpResponseMessage response)
    {
        var last = response.RequestMessage ?? this;
        return last.Method != Operation.Method || !(_addressesAreKept ? ReferenceEquals(last.RequestUri, _address) : last.RequestUri == _address);
    }

    /// <summary>Whether a handler sent a copy of the text where nothing of ours could count how often.</summary>
    public bool WasCopied(HttpResponseMessage response) =>
        _body is { Mark.IsGuarded: false } body && response.RequestMessage is { } last && !ReferenceEquals(last.Content, body);

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

    private const string MarkName = "YandexMarket.Chats.SendMark";

#if NET
    private static readonly HttpRequestOptionsKey<SendMark> _markKey = new(MarkName);

    private sealed record OwnConnection(IDisposable Connection, OwnConnection? Next);

    private OwnConnection? _connections;

    /// <summary>Closes a connection that serves this request alone when the call ends; at once if it has ended.</summary>
    public void CloseAtEnd(IDisposable connection)
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
        // A handler of this build belongs to one request, and closes its connections.
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
