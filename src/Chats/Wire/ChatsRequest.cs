namespace YandexMarket.Chats.Wire;

/// <summary>A request of the client. Its type is how message handlers recognise the operation.</summary>
internal sealed class ChatsRequest : HttpRequestMessage
{
    // .NET Framework makes a new address for every answer, so that there only its value can be compared.
    private static readonly bool _addressesAreKept = typeof(object).Assembly.GetName().Name != "mscorlib";

    private readonly Uri _address;
    private RequestBody? _body;
    private readonly Deadline _deadline;
    private IDisposable? _held;
    private volatile bool _disposed;

    public ChatsRequest(ChatsOperation operation, string url, IJsonModel? body, Deadline deadline)
        : base(operation.Method, new Uri(url))
    {
        Operation = operation;
        _deadline = deadline;
        _address = RequestUri!;
        Content = _body = body is null ? null : new RequestBody(body);
    }

    public ChatsOperation Operation { get; }

    /// <summary>The key it goes out with; empty until it has its headers.</summary>
    public string ApiKey { get; private set; } = "";

    /// <summary>Whether the service may have taken a message, as long as no answer says more. Without a body there is no telling.</summary>
    public bool MayHaveLeft => !Operation.IsRead && _body is not { WasAsked: false };

    /// <summary>Whether something between the client and the network tried to send the message once more.</summary>
    public bool WasRepeated => _body is { WasRepeated: true };

    /// <summary>How long the call may still take.</summary>
    public TimeSpan TimeLeft => _disposed ? TimeSpan.Zero : _deadline.TimeLeft;

    /// <summary>Whether the call ends because its time is over or its caller has gone.</summary>
    public bool IsOver => _disposed || _deadline.IsOver;

    /// <summary>
    /// Takes back what an attempt left, once its answer has proved that the service refused it: the next one gets a body that nobody has
    /// asked yet. If a handler has put another body in its place, it cannot be told what the next one would send, and the mark stays.
    /// </summary>
    public void ForgetAttempt()
    {
        if (_body is { WasAsked: true } last && ReferenceEquals(Content, last) && last.Again() is { } again)
        {
            Content = _body = again;
            last.Dispose();
        }
    }

    /// <summary>Keeps something, in place of what it kept, until the call has read its answer; then disposes it.</summary>
    public void Hold(IDisposable? held)
    {
        Interlocked.Exchange(ref _held, held)?.Dispose();
        if (_disposed)
        {
            // A handler was left behind by an outer one: the call is over.
            Interlocked.Exchange(ref _held, null)?.Dispose();
        }
    }

    public void AddHeaders(string apiKey, string? integration)
    {
        ApiKey = apiKey;
        // All of it was checked or is known to be good: nothing is left to validate, or to make objects of.
        Headers.TryAddWithoutValidation("Accept", "application/json");
        Headers.TryAddWithoutValidation(ChatsContract.ApiKeyHeader, apiKey);
        if (integration is not null)
        {
            Headers.TryAddWithoutValidation("X-Market-Integration", integration);
        }
    }

    /// <summary>
    /// Whether somebody sent the request, and with it the key, to another address, or once more to the same one: a redirect that is
    /// followed makes a new address, and of some sends a read.
    /// </summary>
    public bool WasRerouted(HttpResponseMessage response)
    {
        var last = response.RequestMessage ?? this;
        return last.Method != Operation.Method || !(_addressesAreKept ? ReferenceEquals(last.RequestUri, _address) : last.RequestUri == _address);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disposed = true;
            Interlocked.Exchange(ref _held, null)?.Dispose();
        }

        base.Dispose(disposing);
    }
}
