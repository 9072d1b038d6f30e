using System.Globalization;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>
/// One way to make the two calls. A call returns the task that the way itself makes, without a wrapper; its result is looked at only
/// where no time is taken.
/// </summary>
internal abstract class Peer
{
    public const string Key = "ACMA:0123456789012345678901234567890123456789:01234567";

    protected const long BusinessId = 123456;
    protected const long ChatId = 7654321;
    protected const long MessageId = 987654321;

    public abstract Task ReadAsync();

    public abstract Task SendAsync(string text);

    /// <summary>What a read gave, in words that are the same for all who got the same.</summary>
    public virtual string Show(Task read)
    {
        // All models have the same members, though no common type.
        var message = MessageOf(read);
        var files = new List<object>();
        foreach (var file in message.Payload ?? Array.Empty<object>())
        {
            files.Add((file.Name, file.Url, (int)file.Size));
        }

        var (id, createdAt, sender, text) = ((long)message.MessageId, (DateTimeOffset)message.CreatedAt, (object)message.Sender, (string?)message.Message);
        return string.Create(
            CultureInfo.InvariantCulture, $"{id} {createdAt:O} {sender.ToString()!.ToUpperInvariant()} '{text}' {string.Join(", ", files)}");
    }

    /// <summary>What an error told, likewise.</summary>
    public string Show(Exception error)
    {
        var errors = new List<object>();
        foreach (var one in ErrorsOf(error) ?? Array.Empty<object>())
        {
            errors.Add((one.Code, one.Message));
        }

        int status = ((dynamic)error).StatusCode;
        return string.Create(CultureInfo.InvariantCulture, $"{status} {string.Join(", ", errors)}");
    }

    protected virtual dynamic MessageOf(dynamic read) => read.Result;

    protected virtual dynamic? ErrorsOf(dynamic error) => error.Errors;

    /// <summary>What the hand-written ways have in common.</summary>
    protected static HttpClient Http(HttpMessageHandler handler)
    {
        var http = new HttpClient(handler);
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        http.DefaultRequestHeaders.Add("Api-Key", Key);
        return http;
    }
}

/// <summary>Makes a peer over a handler, for the service at an address that ends in a slash.</summary>
internal sealed record PeerKind(string Id, string Name, Func<HttpMessageHandler, Uri, Peer> Create)
{
    public static readonly PeerKind Client = new("chats", "Chats", ChatsPeer.Own);

    public static readonly PeerKind Borrowing = new("chats-borrowing", "Chats, borrowed HttpClient", ChatsPeer.Borrowing);

    public static readonly PeerKind Hosted = new("chats-hosting", "Chats with Chats.Hosting", static (handler, address) => ChatsPeer.Hosted(handler, address));

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
