using System.Collections.Concurrent;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

/// <summary>
/// A request of a <see cref="ChatsClient"/>, with what the message handlers need to retry, limit or count
/// calls.
/// </summary>
/// <remarks>Not thread-safe, except <see cref="KeepUntilEnd"/>.</remarks>
public sealed partial class ChatsRequest : HttpRequestMessage
{
    private const string BodyName = "YandexMarket.Chats.RequestBody";

#if NET
    private static readonly HttpRequestOptionsKey<RequestBody> _bodyKey = new(BodyName);
#endif

    private readonly Uri _address;
    private Uri? _addressOfAttempt;
    private Uri? _networkAddress;
    private readonly CallTimeout _timeout;
    private readonly long _start;
    private readonly bool _isTracked;
    private RequestBody? _body;
    private IDisposable? _kept;
    private ConcurrentStack<IDisposable>? _connections;
    private volatile CachedInfo? _cachedInfo;
    private volatile bool _disposed;

    internal ChatsRequest(ChatsOperation operation, string url, IJsonModel? body, CallTimeout timeout, bool isTracked)
        : base(operation.Method, new Uri(url))
    {
        Operation = operation;
        _timeout = timeout;
        _start = timeout.Clock.GetTimestamp();
        _isTracked = isTracked;
        _address = RequestUri!;
        if (body is not null)
        {
            SetBody(new RequestBody(body));
        }
    }

    /// <summary>The operation.</summary>
    public ChatsOperation Operation { get; }

    /// <summary>The host and port that the client called.</summary>
    internal string Server => $"{_address.Host}:{_address.Port}";

    /// <summary>How long the call may still take; zero when it has ended, <see cref="TimeSpan.MaxValue"/> without a limit.</summary>
    public TimeSpan TimeRemaining =>
        IsOver ? TimeSpan.Zero
        : _timeout.Length == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue
        : _timeout.Length - _timeout.Clock.GetElapsedTime(_start) is var remaining && remaining > TimeSpan.Zero ? remaining
        : TimeSpan.Zero;

    /// <summary>Whether the call has timed out, was canceled by its caller, or its client was disposed.</summary>
    public bool IsOver => _disposed || _timeout.IsOver;

    /// <summary>Whether the caller canceled the call.</summary>
    public bool IsCanceled => _timeout.CallerCanceled;

    /// <summary>The body of the attempt that a request, or a clone with its options, belongs to, whatever its content is; null without one.</summary>
    internal static RequestBody? GetBody(HttpRequestMessage request) =>
#if NET
        request.Options.TryGetValue(_bodyKey, out var body) ? body : null;
#else
        request.Properties.TryGetValue(BodyName, out var body) ? body as RequestBody : null;
#endif

    /// <summary>
    /// Begins an attempt: disposes what the last one kept, and makes the current address, which a handler may have changed, the one that
    /// <see cref="WasRedirected"/> compares with.
    /// </summary>
    public void BeginAttempt()
    {
        KeepUntilEnd(null);
        (_addressOfAttempt, _networkAddress) = (RequestUri, null);
    }

    /// <summary>
    /// Prepares the request for another attempt if the response proves that the service rejected this one; <see cref="MayHaveBeenSent"/>
    /// is then false. Any other response changes nothing, and neither does a request whose body a handler has replaced: it is not known
    /// what another attempt would send.
    /// </summary>
    /// <param name="response">The response to the last attempt.</param>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    public void PrepareForRetry(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (_body is { WasRead: true } last && ReferenceEquals(Content, last) &&
            WasRejected(response) && !WasRedirected(response))
        {
            SetBody(last.CloneForRetry());
        }
    }

    /// <summary>
    /// Keeps an object until the call has read its response, and then disposes it. An object that was kept before is disposed at once, and so is
    /// this one if the call has ended.
    /// </summary>
    /// <param name="resource">The object, for instance the lease of a rate limiter; null to keep nothing.</param>
    public void KeepUntilEnd(IDisposable? resource)
    {
        Observer.Dispose(Interlocked.Exchange(ref _kept, resource));
        if (_disposed)
        {
            // An outer handler abandoned this attempt: the call is over.
            Observer.Dispose(Interlocked.Exchange(ref _kept, null));
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
    /// The metadata of a response. For a 420 or 429 this also reads the body, because only the body names the limit. The body
    /// stays readable; one that cannot be read is replaced with an empty one.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <param name="cancellationToken">Cancels reading, not the call.</param>
    /// <returns>The metadata; the same object on each call.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    public ValueTask<ChatsResponseInfo> ReadInfoAsync(HttpResponseMessage response, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(response);
        var info = GetInfo(response);
        return info is { StatusCode: 420 or 429, Limit: ChatsLimitKind.Unknown } ? ReadLimitAsync(response, cancellationToken) : new(info);
    }

    private async ValueTask<ChatsResponseInfo> ReadLimitAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        GetInfo(response, await LimitKindReader.ReadAsync(response, cancellationToken).ConfigureAwait(false));

    /// <summary>The headers of a response are parsed once.</summary>
    internal ChatsResponseInfo GetInfo(HttpResponseMessage response, ChatsLimitKind limit = ChatsLimitKind.Unknown)
    {
        var known = _cachedInfo is { } cached && ReferenceEquals(cached.Response, response) ? cached.Info : null;
        var info = known ?? ChatsResponseInfo.Of(Operation, response, _timeout.Clock);
        if (limit != ChatsLimitKind.Unknown && limit != info.Limit)
        {
            info = info.With(limit, response, _timeout.Clock);
        }

        if (info != known)
        {
            _cachedInfo = new CachedInfo(response, info);
        }

        return info;
    }

    /// <summary>The method and the operation, without the headers, which contain the key.</summary>
    /// <returns>Text for a log.</returns>
    public override string ToString() => $"{Method} {Operation.Id}";

    /// <summary>Ends the call, and disposes the object that was kept for it.</summary>
    /// <param name="disposing">True from Dispose, false from a finalizer.</param>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        Observer.Dispose(Interlocked.Exchange(ref _kept, null));
        CloseConnections();
        try
        {
            base.Dispose(disposing);
        }
        catch (Exception)
        {
            // A handler's content: it must not change how the call ends either.
        }
    }

    /// <summary>Closes a connection that serves this request alone when the call ends; at once if it has ended.</summary>
    internal void CloseAtEnd(IDisposable connection)
    {
        LazyInitializer.EnsureInitialized(ref _connections, static () => new ConcurrentStack<IDisposable>())!.Push(connection);
        if (_disposed)
        {
            CloseConnections();
        }
    }

    private void CloseConnections()
    {
        while (Volatile.Read(ref _connections)?.TryPop(out var connection) is true)
        {
            connection.Dispose();
        }
    }

    private void SetBody(RequestBody body)
    {
        Content = _body = body;
        if (_isTracked)
        {
#if NET
            Options.Set(_bodyKey, body);
#else
            Properties[BodyName] = body;
#endif
        }
    }

    // One object: an attempt that an outer handler has abandoned may still run, and must not mix its response with another's.
    private sealed record CachedInfo(HttpResponseMessage Response, ChatsResponseInfo Info);
}
