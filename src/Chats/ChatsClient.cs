using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

/// <summary>
/// The client of the chat operations of the Yandex Market Partner API. It is thread-safe:
/// create one instance and keep it for the lifetime of the application.
/// </summary>
/// <remarks>
/// A send is never retried by this class. After its argument checks a call ends in one of three ways: with its result, with a
/// <see cref="ChatsException"/>, or with a <see cref="ChatsCanceledException"/> if the caller's token canceled it. Both exceptions say in
/// <c>MayHaveBeenSent</c> whether the buyer may have received the text. A disposed client throws
/// <see cref="ObjectDisposedException"/> instead.
/// </remarks>
public sealed partial class ChatsClient : IDisposable
{
    // The caller's HttpClient, or an HttpMessageInvoker over our own handler: HttpClient itself would add nothing, because a call has its
    // own timeout, headers and absolute address.
    private readonly HttpMessageInvoker _http;

    private readonly IChatsCallObserver? _observer;

    // Cancels the calls in progress; null for the caller's HttpClient, which is not disposed.
    private readonly CancellationTokenSource? _end;
    private readonly ChatsClientOptions _options;

    // With a trailing slash.
    private readonly string _address;
    private volatile bool _disposed;

    /// <summary>
    /// Creates a client with its own connections: no redirects, no cookies, decompression, no proxy for a loopback address; a
    /// new connection for each send, and connections that are renewed after five minutes for reads. <see cref="Dispose"/> closes them.
    /// </summary>
    /// <param name="options">The options. They are validated and copied: later changes have no effect.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is missing or wrong; the message names it and how to fix it.</exception>
    public ChatsClient(ChatsClientOptions options)
        : this(ChatsClientOptions.Freeze(options), handler: null)
    {
    }

    /// <summary>
    /// Creates a client that uses the caller's <see cref="HttpClient"/>, which is neither disposed nor changed. Its base address is not used; its
    /// timeout applies if it is shorter.
    /// </summary>
    /// <remarks>
    /// Its handler must not follow redirects (<c>AllowAutoRedirect = false</c>): a redirect that is followed sends the key to another
    /// address before this class can see it. Such a call fails with <see cref="ChatsConnectionException"/>. A message handler may retry reads,
    /// and sends whose body has not been read yet; retrying any other send fails with <see cref="ChatsConnectionException"/>. Unless
    /// <see cref="ChatsClientOptions.ReuseConnectionsForSends"/> is set, each request asks for its connection to be closed, and a send uses HTTP/1.1.
    /// .NET keeps a connection all the same if the response does not say so too, and a send can be lost on it: set <c>PooledConnectionLifetime</c>
    /// of a <c>SocketsHttpHandler</c> to zero, or use <see cref="CreateHandler"/>.
    /// <para>Put a <see cref="ChatsSendOnceHandler"/> last, as AddChatsClient does, if</para>
    /// <list type="bullet">
    /// <item>a handler reads the body of a request: without it another one can then send the text again, so every exception has
    /// <see cref="ChatsException.MayHaveBeenSent"/> set;</item>
    /// <item>a handler sends copies of a request: without it such a call fails even if the service accepted it;</item>
    /// <item>a handler makes up responses: without it a rejection that a handler invents counts as the service's if it has content;</item>
    /// <item>requests have <c>Expect: 100-continue</c>: without it a rejection after the text was read has MayHaveBeenSent set;</item>
    /// <item>a handler changes the address and does not restore it: without it the call counts as redirected.</item>
    /// </list>
    /// </remarks>
    /// <param name="httpClient">The client to send with.</param>
    /// <param name="options">The options. They are validated and copied: later changes have no effect.</param>
    /// <param name="observer">Observes each call. Default: null, no observer.</param>
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
    /// Creates the handler that a client with these options uses, for use as the primary handler of your own <see cref="HttpClient"/>.
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
            throw new ArgumentException("BaseAddress is not absolute; write it with its scheme, such as https://host/v2/.", nameof(options));
        }

        return new ConnectionHandler(options.BaseAddress.IsLoopback, options.ReuseConnectionsForSends, options.TimeProvider ?? TimeProvider.System);
    }

    /// <summary>Creates a client that uses a handler instead of its own connections. The handler is disposed with the client.</summary>
    internal static ChatsClient Over(HttpMessageHandler handler, ChatsClientOptions options) => new(ChatsClientOptions.Freeze(options), handler);

    /// <summary>
    /// Closes the connections. Calls in progress fail with <see cref="ChatsConnectionException"/>; those that are still waiting for their key throw
    /// <see cref="ObjectDisposedException"/>. A caller's <see cref="HttpClient"/> and its calls are not affected.
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
