using System.Net;

namespace YandexMarket.Chats.Cli;

/// <summary>
/// The connection of one call. A <see cref="ChatsException"/> says by itself whether the message may have been sent; a cancellation
/// (Ctrl-C) cannot. This can: before a connection stands, TLS included, nothing of a request has left.
/// </summary>
internal sealed class Line : IDisposable
{
    private volatile bool _wasUsed;

    public Line()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            PlaintextStreamFilter = (context, _) =>
            {
                _wasUsed = true;
                return ValueTask.FromResult(context.PlaintextStream);
            },
        };
        Http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public HttpClient Http { get; }

    /// <summary>Whether a connection stood, so that bytes of a request may have left.</summary>
    public bool WasUsed => _wasUsed;

    public void Dispose() => Http.Dispose();
}
