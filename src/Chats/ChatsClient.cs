using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

/// <summary>
/// The client of the chat operations of the Yandex Market Partner API. It has no mutable state: one instance
/// serves any number of threads, and is meant to live as long as the application.
/// </summary>
/// <remarks>
/// A send is never retried by this class. After its argument checks a call ends in one of three ways: with its result, with a
/// <see cref="ChatsException"/>, or with a <see cref="ChatsCanceledException"/> if the caller's token canceled it. Both exceptions say in
/// <c>MayHaveBeenSent</c> whether the buyer may have received the text. Only a disposed client throws
/// <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed partial class ChatsClient : IDisposable
{
    // The caller's HttpClient, or an HttpMessageInvoker over our own handler: HttpClient itself would add nothing, because a call has its
    // own timeout, headers and absolute address.
    private readonly HttpMessageInvoker _http;

    private readonly IChatsCallObserver? _observer;

    // Cancels the calls in progress; null for a borrowed HttpClient, which stays alive.
    private readonly CancellationTokenSource? _end;
    private readonly ChatsClientOptions _options;

    // With a trailing slash.
    private readonly string _address;
    private volatile bool _disposed;

    /// <summary>
    /// A client with connections of its own: no redirects, no cookies, decompression, no proxy for a loopback address; each send on a
    /// new connection, reads on connections that are renewed after five minutes. <see cref="Dispose"/> closes them.
    /// </summary>
    /// <param name="options">How to reach the service. They are checked and copied: later changes have no effect.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is missing or wrong; the message names it and how to fix it.</exception>
    public ChatsClient(ChatsClientOptions options)
        : this(ChatsClientOptions.Freeze(options), handler: null)
    {
    }

    /// <summary>
    /// A client over the caller's <see cref="HttpClient"/>, which is neither disposed nor changed. Its base address is not used; its timeout
    /// applies if it is shorter.
    /// </summary>
    /// <remarks>
    /// Its handler must not follow redirects (<c>AllowAutoRedirect = false</c>): a redirect that is followed sends the key to another
    /// address before this class can see it. Such a call ends as <see cref="ChatsConnectionException"/>. A message handler may retry reads,
    /// and sends whose body has not been read yet; retrying any other send fails with
    /// <see cref="ChatsConnectionException"/>. If a handler reads the body or sends copies of a request, put a <see cref="ChatsSendOnceHandler"/>
    /// last, as AddChatsClient does; also if a handler makes up responses or changes the address. Without it a retry handler can send a text again that
    /// another handler has read; after such a read every failure is reported with <see cref="ChatsException.MayHaveBeenSent"/>, and a copy even if it
    /// succeeded. A rejection that a handler made up, with content, then counts as the service's.
    /// Unless <see cref="ChatsClientOptions.ReuseConnectionsForSends"/> is set, each request asks for its connection to be closed, and a send uses
    /// HTTP/1.1.
    /// </remarks>
    /// <param name="httpClient">The client to send with.</param>
    /// <param name="options">How to reach the service. They are checked and copied: later changes have no effect.</param>
    /// <param name="observer">Observes each call. Default: null.</param>
    /// <exception cref="ArgumentNullException">The client or the options are null.</exception>
    /// <exception cref="ArgumentException">An option is missing or wrong; the message names it and how to fix it.</exception>
    public ChatsClient(HttpClient httpClient, ChatsClientOptions options, IChatsCallObserver? observer = null)
        : this(ChatsClientOptions.Freeze(options), httpClient ?? throw new ArgumentNullException(nameof(httpClient))) => _observer = observer;

    private ChatsClient(ChatsClientOptions options, HttpMessageHandler? handler)
        : this(options, new HttpMessageInvoker(handler ?? CreateHandler(options))) => _end = new CancellationTokenSource();

    private ChatsClient(ChatsClientOptions options, HttpMessageInvoker http)
    {
        var address = options.BaseAddress.AbsoluteUri;
        (_options, _http, _address) = (options, http, address.EndsWith('/') ? address : address + "/");
    }

    /// <summary>
    /// Creates the handler that a client with these options uses, as the primary handler of an <see cref="HttpClient"/> of your own.
    /// </summary>
    /// <param name="options">
    /// Only the address, <see cref="ChatsClientOptions.ReuseConnectionsForSends"/> and, on netstandard2.0, the clock are used.
    /// </param>
    /// <returns>A new handler, which the caller disposes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">The address is null or not absolute.</exception>
    public static HttpMessageHandler CreateHandler(ChatsClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.BaseAddress is not { IsAbsoluteUri: true })
        {
            throw new ArgumentException("BaseAddress is not absolute; write it with its scheme, as https://host/v2/.", nameof(options));
        }

        return new ConnectionHandler(options.BaseAddress.IsLoopback, options.ReuseConnectionsForSends, options.TimeProvider ?? TimeProvider.System);
    }

    /// <summary>A client over a handler in place of its own connections. The handler is disposed with the client.</summary>
    internal static ChatsClient Over(HttpMessageHandler handler, ChatsClientOptions options) => new(ChatsClientOptions.Freeze(options), handler);

    /// <summary>
    /// Closes the connections. Calls in progress fail with <see cref="ChatsConnectionException"/>, those that wait for their key with
    /// <see cref="ObjectDisposedException"/>. A borrowed <see cref="HttpClient"/> and its calls are left alone.
    /// </summary>
    public void Dispose()
    {
        _disposed = true;
        if (_end is not null)
        {
            // A key provider may have registered a callback that throws.
            Observer.Notify(static end => end.Cancel(), _end);
            _http.Dispose();
        }
    }
}
