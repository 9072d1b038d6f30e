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
    // The caller's HttpClient; or, over a handler of our own, no more than its base class: there is nothing that HttpClient would add to a
    // call that has its deadline, its headers and its whole address.
    private readonly HttpMessageInvoker _http;

    // Ends what is under way; null for a borrowed HttpClient, which goes on.
    private readonly CancellationTokenSource? _end;
    private readonly ClientSettings _settings;
    private readonly string _address;
    private volatile bool _disposed;

    /// <summary>
    /// A client with connections of its own: no redirects, no cookies, decompression, each connection renewed after five minutes.
    /// <see cref="Dispose"/> closes them.
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

    private ChatsClient(ClientSettings settings, HttpMessageHandler handler)
        : this(settings, new HttpMessageInvoker(handler)) =>
        _end = new CancellationTokenSource();

    private ChatsClient(ClientSettings settings, HttpMessageInvoker http)
    {
        _settings = settings;
        _address = settings.BaseAddress;
        _http = http;
    }

    /// <summary>The client that its options make, with a handler in the place of its connections. It is disposed with the client.</summary>
    internal static ChatsClient Over(HttpMessageHandler handler, ChatsClientOptions options) => new(ClientSettings.From(options), handler);

    /// <summary>
    /// Ends the client. Calls that are under way end as <see cref="ChatsConnectionException"/>, unless the client borrows its
    /// <see cref="HttpClient"/>, which is left alone.
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
