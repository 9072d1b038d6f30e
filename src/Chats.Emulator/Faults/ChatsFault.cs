using Microsoft.Net.Http.Headers;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// A fault of one call, either before the service has seen the call (nothing is checked, delivered or counted) or after the service has
/// handled it. The worst is <c>ChatsFault.InternalServerError.AfterDelivery()</c>: the buyer has the text and the caller has a 500.
/// </summary>
public sealed record ChatsFault
{
    private ChatsFault(string name, bool isAfterDelivery = false) => (Name, IsAfterDelivery) = (name, isAfterDelivery);

    /// <summary>
    /// The connection is closed without a byte of a response, after delivery. Some HTTP stacks, including .NET's, then retry a read on
    /// another connection by themselves; both calls are recorded.
    /// </summary>
    public static ChatsFault ResponseLost { get; } = new(nameof(ResponseLost), isAfterDelivery: true);

    /// <summary>The connection is reset (TCP RST) without a byte of a response, before delivery.</summary>
    public static ChatsFault ConnectionReset { get; } = new(nameof(ConnectionReset));

    /// <summary>
    /// No response until the caller disconnects, before delivery. The call counts as a parallel call of its business meanwhile, and is a
    /// 420 at once if there are too many. For a stall that ends see <see cref="For"/>.
    /// </summary>
    public static ChatsFault Stall { get; } = new(nameof(Stall));

    /// <summary>
    /// The service's response, its headers at once and its body byte by byte with pauses of 100 ms; for other pauses see <see cref="For"/>.
    /// </summary>
    public static ChatsFault SlowDrip { get; } = new(nameof(SlowDrip), isAfterDelivery: true) { Duration = TimeSpan.FromMilliseconds(100) };

    /// <summary>The headers and the first half of the body, after delivery; then the connection is closed.</summary>
    public static ChatsFault TruncatedBody { get; } = new(nameof(TruncatedBody), isAfterDelivery: true);

    /// <summary>An HTML page with status 200, as a proxy in front of the service may send, before delivery.</summary>
    public static ChatsFault HtmlPage { get; } = new(nameof(HtmlPage))
    {
        Replacement = new ServiceResponse(
            200, "<!doctype html><html><title>Oops!</title><body>Are you a robot?</body></html>\n", "text/html; charset=utf-8"),
    };

    /// <summary>Bytes that are not HTTP, before delivery; then the connection is closed.</summary>
    public static ChatsFault Garbage { get; } = new(nameof(Garbage));

    /// <summary>Status 500, before delivery. Not counted in the hourly quota; whether the service counts it is not documented.</summary>
    public static ChatsFault InternalServerError { get; } = new(nameof(InternalServerError))
    {
        Replacement = ServiceResponse.Error(500, "Internal server error"),
    };

    /// <summary>Status 503, before delivery. Not counted in the hourly quota; whether the service counts it is not documented.</summary>
    public static ChatsFault ServiceUnavailable { get; } = new(nameof(ServiceUnavailable))
    {
        Replacement = ServiceResponse.Error(503, "Service temporarily unavailable. Please, try again later"),
    };

    /// <summary>Status 200 with <c>"status":"ERROR"</c>, before delivery.</summary>
    public static ChatsFault ErrorEnvelope { get; } = new(nameof(ErrorEnvelope))
    {
        Replacement = ServiceResponse.Error(200, "Failed"),
    };

    /// <summary>Status 200 and an empty JSON object, after delivery.</summary>
    public static ChatsFault MissingStatus { get; } = new(nameof(MissingStatus), isAfterDelivery: true)
    {
        Replacement = new ServiceResponse(200, "{}"),
    };

    /// <summary>
    /// Every fault, before and after delivery, except those that take time (<see cref="Stall"/> and <see cref="SlowDrip"/>) and
    /// <see cref="Response"/>: the default of <see cref="ChatsFaults.Random"/>.
    /// </summary>
    public static IReadOnlyList<ChatsFault> All { get; } =
    [
        .. new[]
        {
            ResponseLost, ConnectionReset, TruncatedBody, HtmlPage, Garbage, InternalServerError, ServiceUnavailable, ErrorEnvelope, MissingStatus,
        }.SelectMany(fault => new[] { fault with { IsAfterDelivery = false }, fault.AfterDelivery() }),
    ];

    /// <summary>What goes wrong: the name of the property or method, such as <c>ResponseLost</c>.</summary>
    public string Name { get; }

    /// <summary>Whether the service handles the call before the fault. A call that it rejects delivers nothing even then.</summary>
    public bool IsAfterDelivery { get; private init; }

    /// <summary>
    /// The length of a stall, or null if it lasts until the caller disconnects; the pause before each byte of a slow drip; null for all
    /// others. On the emulator's clock.
    /// </summary>
    public TimeSpan? Duration { get; private init; }

    /// <summary>What the caller gets instead of the service's response, if it is a response.</summary>
    internal ServiceResponse? Replacement { get; private init; }

    /// <summary>
    /// A response of your own in place of the service's, before delivery: a status or a body that the emulator never sends, such as an HTML
    /// page with status 420 or an unknown member. With a status of 500 or more the call is not counted in the hourly quota.
    /// </summary>
    /// <param name="status">The status, 200 to 599.</param>
    /// <param name="body">The body, sent as UTF-8. With status 204, 205 and 304 it must be empty.</param>
    /// <param name="contentType">The Content-Type, such as <c>text/html</c>.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentNullException">The body or the content type is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The status is not between 200 and 599.</exception>
    /// <exception cref="ArgumentException">The content type is not valid, or the status has no body.</exception>
    public static ChatsFault Response(int status, string body, string contentType = "application/json")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(contentType);
        return !MediaTypeHeaderValue.TryParse(contentType, out _) ? throw new ArgumentException("It is not a content type.", nameof(contentType))
            : status is 204 or 205 or 304 && body.Length > 0 ? throw new ArgumentException($"A response with status {status} has no body.", nameof(body))
            : new ChatsFault(nameof(Response)) { Replacement = new ServiceResponse(status, body, contentType) };
    }

    /// <summary>The same fault after the service has handled the call.</summary>
    /// <returns>The new fault; this one is not changed.</returns>
    public ChatsFault AfterDelivery() => this with { IsAfterDelivery = true };

    /// <summary>
    /// The same fault with another duration. After a stall before delivery the service handles the call, unless the caller has
    /// disconnected.
    /// </summary>
    /// <param name="duration">The length of a stall, or the pause before each byte of a slow drip. Zero or more.</param>
    /// <returns>The new fault; this one is not changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The duration is negative.</exception>
    /// <exception cref="InvalidOperationException">The fault has no duration.</exception>
    public ChatsFault For(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        return Name is nameof(Stall) or nameof(SlowDrip)
            ? this with { Duration = duration }
            : throw new InvalidOperationException($"{Name} has no duration: only a stall and a slow drip have one.");
    }

    /// <summary>The name, and whether it is before or after delivery.</summary>
    /// <returns>Such as <c>ResponseLost after delivery</c>.</returns>
    public override string ToString() => $"{Name} {(IsAfterDelivery ? "after" : "before")} delivery";
}
