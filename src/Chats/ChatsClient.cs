using System.Net;

namespace YandexMarket.Chats;

/// <summary>
/// The client of the chat operations of the Yandex Market Partner API. It keeps no mutable state: one instance serves any
/// number of threads and calls, and is meant to live as long as the application.
/// </summary>
/// <remarks>
/// A send is never repeated by this class. When a call fails, <see cref="ChatsException.MayHaveBeenSent"/> says whether the
/// buyer may have got the text. The one exception that cannot say it is the <see cref="OperationCanceledException"/> of the
/// caller's own token: a send that was cancelled after it began may have been taken.
/// </remarks>
public sealed partial class ChatsClient : IDisposable
{
    // A borrowed HttpClient, or what it is made of: a handler's invoker, without a second deadline, default headers and buffers.
    private readonly HttpMessageInvoker _http;
    private readonly CancellationTokenSource? _end;
    private readonly ClientSettings _settings;
    private readonly string _address;
    private volatile bool _disposed;

    /// <summary>
    /// A client with an <see cref="HttpClient"/> of its own: no redirects, no cookies, decompression, connections renewed every
    /// five minutes. <see cref="Dispose"/> closes it.
    /// </summary>
    /// <param name="options">How to reach the service. They are checked and copied: later changes have no effect.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is missing or wrong; the message names it and how to mend it.</exception>
    public ChatsClient(ChatsClientOptions options)
        : this(ClientSettings.From(options), CreateHandler())
    {
    }

    /// <summary>
    /// A client over an <see cref="HttpClient"/> that stays the caller's: it is neither disposed nor changed, and its base
    /// address is not used. A shorter time-out of its own still applies.
    /// </summary>
    /// <remarks>
    /// Its handler must not follow redirects (<c>AllowAutoRedirect = false</c>): a redirect that is followed carries the key to
    /// another address before this class can see it. Such a call ends as <see cref="ChatsConnectionException"/>. A handler that
    /// repeats requests may do so with reads, and with sends that never left; to a send that did, the request gives its text no
    /// second time, so that the buyer does not get it twice: the call ends as <see cref="ChatsConnectionException"/>, too.
    /// </remarks>
    /// <param name="httpClient">The client to send with.</param>
    /// <param name="options">How to reach the service. They are checked and copied: later changes have no effect.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is missing or wrong; the message names it and how to mend it.</exception>
    public ChatsClient(HttpClient httpClient, ChatsClientOptions options)
        : this(ClientSettings.From(options), httpClient ?? throw new ArgumentNullException(nameof(httpClient)))
    {
    }

    /// <summary>Over the handler in place of one that the client makes for itself; it is disposed with the client.</summary>
    internal ChatsClient(HttpMessageHandler handler, ChatsClientOptions options)
        : this(ClientSettings.From(options), handler)
    {
    }

    private ChatsClient(ClientSettings settings, HttpMessageHandler handler)
        : this(settings, new HttpMessageInvoker(handler)) =>
        _end = new CancellationTokenSource();

    private ChatsClient(ClientSettings settings, HttpMessageInvoker http)
    {
        _settings = settings;
        _address = settings.BaseAddress;
        _http = http;
    }

    /// <summary>
    /// Ends the client. Calls that are under way end as <see cref="ChatsConnectionException"/> when the client owns its
    /// <see cref="HttpClient"/>; a borrowed one is left alone.
    /// </summary>
    public void Dispose()
    {
        _disposed = true;
        if (_end is not null)
        {
            _end.Cancel();
            _http.Dispose();
        }
    }

#if NET
    private static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };
#else
    private static HttpClientHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
    };
#endif
}
