using System.Net;

namespace YandexMarket.Chats.Hosting;

/// <summary>The last handler before the network. It follows no redirect: that would carry the key to another host.</summary>
internal static class PrimaryHandler
{
#if NET
    public static HttpMessageHandler Create() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // .NET's own activity of a request quotes an answer that is no HTTP, and its header tells the service of our traces. The call has
        // an activity of ours.
        ActivityHeadersPropagator = null,
        // A send that has no connection yet is known not to be sent: better to end that early than to use up the call's time.
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };
#else
    public static HttpMessageHandler Create() => new HttpClientHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
    };
#endif
}
