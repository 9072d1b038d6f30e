namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>Makes a peer over a handler, for the service at an address that ends in a slash.</summary>
internal sealed record PeerKind(string Id, string Name, Func<HttpMessageHandler, Uri, Peer> Create)
{
    public static readonly PeerKind Client = new("chats", "Chats", ClientPeer.Own);

    public static readonly PeerKind Borrowing = new("chats-borrowing", "Chats, borrowed HttpClient", ClientPeer.Borrowing);

    public static readonly PeerKind Hosted = new("chats-hosting", "Chats with Chats.Hosting", static (handler, address) => new HostedPeer(handler, address));

    public static readonly PeerKind Transport = new("transport", "bare transport", static (handler, address) => new TransportPeer(handler, address));

    public static readonly PeerKind SystemTextJson = new("stj", "HttpClient + System.Text.Json", static (handler, address) => new SystemTextJsonPeer(handler, address));

    public static readonly PeerKind Newtonsoft = new("newtonsoft", "HttpClient + Newtonsoft.Json", static (handler, address) => new NewtonsoftPeer(handler, address));

    public static readonly PeerKind StockNewtonsoft = new("stock-newtonsoft", "stock NSwag, Newtonsoft.Json", static (handler, address) => new StockNewtonsoftPeer(handler, address));

    public static readonly PeerKind StockSystemTextJson = new("stock-stj", "stock NSwag, System.Text.Json", static (handler, address) => new StockSystemTextJsonPeer(handler, address));

    public static readonly PeerKind RestSharp = new("restsharp", "RestSharp", static (handler, address) => new RestSharpPeer(handler, address));

    public static readonly PeerKind Refit = new("refit", "Refit", static (handler, address) => new RefitPeer(handler, address));

    public static IReadOnlyList<PeerKind> All { get; } =
        [Client, Borrowing, Transport, SystemTextJson, Newtonsoft, StockNewtonsoft, StockSystemTextJson, RestSharp, Refit];

    public override string ToString() => Id;
}
