namespace YandexMarket.Chats.Tests.Failures.Matrix;

/// <summary>
/// One way in which a call can go wrong, how a read and a send end, and how many whole requests of each the server gets. MayHaveBeenSent is what
/// the exception of the send says; that of a read always says false.
/// </summary>
internal sealed record FaultRow(
    string Name, Step[] Steps, Ends Read, Ends Send, bool MayHaveBeenSent, Seen ReadSeen, Seen SendSeen)
{
    public string Group { get; init; } = "";

    /// <summary>Where the client calls. By default the scripted server, in plain http.</summary>
    public Func<Scene, Uri> Address { get; init; } = scene => scene.Server.Address;

    /// <summary>The caller's HttpClient. By default the client has its own connections.</summary>
    public Func<Scene, HttpClient>? Http { get; init; }

    public Action<ChatsClientOptions, Scene> Options { get; init; } = (_, _) => { };

    public string Text { get; init; } = Canary.Text;

    public int? ReceiveBuffer { get; init; }

    /// <summary>A good call comes before, over the same client.</summary>
    public bool AfterGoodCall { get; init; }
}

/// <summary>The outcome of a call: the exception and its properties, or none.</summary>
internal sealed record Ends(Type? Exception, bool IsTimeout = false, int? StatusCode = null)
{
    /// <summary>The codes of Errors, in order.</summary>
    public string Codes { get; init; } = "";

    public static Ends Result { get; } = new(Exception: null);

    public static Ends Lost { get; } = new(typeof(ChatsConnectionException));

    public static Ends TimedOut { get; } = new(typeof(ChatsConnectionException), IsTimeout: true);

    public static Ends Unclear(int statusCode = 200) => new(typeof(ChatsResponseException), StatusCode: statusCode);

    public static Ends Status(int statusCode, string codes = "") => new(typeof(ChatsApiException), StatusCode: statusCode) { Codes = codes };

    public static Ends Limited(int statusCode, string codes = "") =>
        new(typeof(ChatsRateLimitException), StatusCode: statusCode) { Codes = codes };

    public static Ends Of(Exception? exception) => exception switch
    {
        null => Result,
        ChatsConnectionException lost => new Ends(lost.GetType(), lost.IsTimeout),
        ChatsApiException api => new Ends(api.GetType(), StatusCode: api.StatusCode) { Codes = string.Join(", ", api.Errors.Select(error => error.Code)) },
        ChatsResponseException unreadable => Unclear(unreadable.StatusCode),
        _ => new Ends(exception.GetType()),
    };

    public string Text => Exception is null
        ? "result"
        : $"`{Exception.Name}`{(IsTimeout ? ", `IsTimeout`" : "")}{(StatusCode is { } status ? $", {status}" : "")}";

    public override string ToString() => Codes.Length > 0 ? $"{Text}, {Codes}" : Text;
}

/// <summary>How many complete requests the server receives. .NET itself retries a read if a connection ends without a byte of a response.</summary>
internal readonly record struct Seen(int Least, int Most)
{
    public static implicit operator Seen(int exactly) => new(exactly, exactly);

    public bool Holds(int count) => count >= Least && count <= Most;

    public override string ToString() => Least == Most ? $"{Least}" : $"{Least} to {Most}";
}
