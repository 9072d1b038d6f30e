namespace YandexMarket.Chats;

/// <summary>How a <see cref="ChatsClient"/> reaches the service. Only a key is required.</summary>
public sealed class ChatsClientOptions
{
    /// <summary>
    /// The token of the seller's cabinet, as it is, without a prefix: characters U+0021 to U+007E. Set this or
    /// <see cref="ApiKeyProvider"/>, not both. No default. Keep it out of logs.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// Returns the token; called for every call, so that keys can change while the client lives. Its cancellation token ends with the
    /// call's time. What it throws, and a malformed token, reach the caller as <see cref="ChatsApiKeyException"/>. No default.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? ApiKeyProvider { get; set; }

    /// <summary>
    /// The address of the service, up to and with its version; with or without a last slash. It must be https, or http on a
    /// loopback address; see <see cref="AllowInsecureHttp"/>. A loopback address is never reached through a proxy. Default:
    /// <c>https://api.partner.market.yandex.ru/v2/</c>. Sellers of Market Yandex Go set
    /// <c>https://api.partner.market.yandex.net/v2/</c>.
    /// </summary>
    public Uri BaseAddress { get; set; } = new(ChatsContract.Server + "/");

    /// <summary>
    /// Allows http for addresses other than loopback, for an emulator in a test network. Never set it for the service itself: the key and
    /// the texts then travel in the clear, and whoever is on the way can read and change them. Default: false, such an address is refused.
    /// </summary>
    public bool AllowInsecureHttp { get; set; }

    /// <summary>
    /// Lets a send reuse a connection that an earlier call left open. The service documents that it does not support keep-alive: on a
    /// connection that it has just closed, a send fails without anybody knowing whether it was taken. Default: false, each send has a
    /// connection of its own.
    /// </summary>
    public bool ReuseConnectionsForSends { get; set; }

    /// <summary>
    /// Called with the head of every response, also of those that are retried. What it throws is ignored. It runs inside the call, so it
    /// must be quick. Default: null.
    /// </summary>
    public Action<ChatsResponseInfo>? ResponseReceived { get; set; }

    /// <summary>
    /// The scopes that the key is known to have (<see cref="ChatsScopes"/>, or any other name). When set, an operation that needs
    /// none of them is refused with <see cref="ChatsScopeException"/> before any request. Default: null, nothing is known, the
    /// service decides.
    /// </summary>
    public IReadOnlyCollection<string>? GrantedScopes { get; set; }

    /// <summary>
    /// How long a call may take in all: key, connection, request, the whole response, and the waits of message handlers. More than
    /// zero and at most 24 days, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>. Default: 15 seconds (the service's
    /// own limit is 10). When it passes, the call ends as <see cref="ChatsConnectionException"/> with
    /// <see cref="ChatsConnectionException.IsTimeout"/>.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How many bytes of a response are read, decompressed; at least 1. Default: 1 MiB. A longer 2xx response ends as
    /// <see cref="ChatsResponseException"/>; of a longer error only the status is reported.
    /// </summary>
    public int MaxResponseBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// The name and version of the calling program, <c>name/version</c>, for the header X-Market-Integration, which the seller sees
    /// in the cabinet's request log. Printable ASCII, at most 100 characters. Default: null, no header.
    /// </summary>
    public string? Integration { get; set; }

    /// <summary>
    /// The clock of <see cref="Timeout"/> and of <see cref="ChatsException.RetryAfter"/>. Default:
    /// <see cref="System.TimeProvider.System"/>. Tests replace it.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Checks the options, as the constructors of <see cref="ChatsClient"/> do.</summary>
    /// <exception cref="ArgumentException">An option is missing or wrong; the message begins with its name and says how to fix it.</exception>
    public void Validate()
    {
        if (ClientSettings.FaultIn(this) is { } fault)
        {
            throw new ArgumentException(fault);
        }
    }
}
