namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>Creates a peer over a handler, for the service at an address that ends in a slash.</summary>
internal sealed record PeerKind(string Id, Func<HttpMessageHandler, Uri, Peer> Create)
{
    public static readonly PeerKind Client = new("chats", ClientPeer.Own);

    public static readonly PeerKind Borrowing = new("chats-borrowing", ClientPeer.Borrowing);

    public static readonly PeerKind Hosted = new("chats-hosting", static (handler, address) => new HostedPeer(handler, address));

    public static readonly PeerKind Transport = new("transport", static (handler, address) => new TransportPeer(handler, address));

    public static readonly PeerKind SystemTextJson = new("stj", static (handler, address) => new SystemTextJsonPeer(handler, address));

    public static readonly PeerKind Newtonsoft = new("newtonsoft", static (handler, address) => new NewtonsoftPeer(handler, address));

    public static readonly PeerKind StockNewtonsoft = new("stock-newtonsoft", static (handler, address) => new StockNewtonsoftPeer(handler, address));

    public static readonly PeerKind StockSystemTextJson = new("stock-stj", static (handler, address) => new StockSystemTextJsonPeer(handler, address));

    public static readonly PeerKind RestSharp = new("restsharp", static (handler, address) => new RestSharpPeer(handler, address));

    public static readonly PeerKind Refit = new("refit", static (handler, address) => new RefitPeer(handler, address));

    public static IReadOnlyList<PeerKind> All { get; } =
        [Client, Borrowing, Hosted, Transport, SystemTextJson, Newtonsoft, StockNewtonsoft, StockSystemTextJson, RestSharp, Refit];

    public override string ToString() => Id;
}
