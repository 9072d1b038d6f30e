namespace YandexMarket.Chats.Tests.Failures.Matrix;

/// <summary>How a call ends: the exception and what stands in it, or none.</summary>
internal sealed record Ends(Type? Exception, bool IsTimeout = false, int? StatusCode = null)
{
    /// <summary>The codes of Errors, in order.</summary>
    public string Codes { get; init; } = "";

    public static Ends Result { get; } = new(Exception: null);

    public static Ends Lost { get; } = new(typeof(ChatsConnectionException));

    public static Ends TimedOut { get; } = new(typeof(ChatsConnectionException), IsTimeout: true);

    public static Ends Unclear(int statusCode = 200) => new(typeof(ChatsResponseException), StatusCode: statusCode);

    public static Ends Answered(int statusCode, string codes = "") => new(typeof(ChatsApiException), StatusCode: statusCode) { Codes = codes };

    public static Ends Limited(int statusCode, string codes = "") =>
        new(typeof(ChatsRateLimitException), StatusCode: statusCode) { Codes = codes };

    /// <summary>For readers.</summary>
    public string Told => Exception is null
        ? "result"
        : $"`{Exception.Name}`{(IsTimeout ? ", `IsTimeout`" : "")}{(StatusCode is { } status ? $", {status}" : "")}";

    public override string ToString() => Codes.Length > 0 ? $"{Told}, {Codes}" : Told;
}
