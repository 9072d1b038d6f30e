namespace YandexMarket.Chats;

/// <summary>The options of a <see cref="ChatsClient"/>. Only a key is required.</summary>
public sealed class ChatsClientOptions
{
    /// <summary>
    /// The token from the seller's cabinet, without a prefix: characters U+0021 to U+007E. Set this or
    /// <see cref="ApiKeyProvider"/>, not both. No default. Keep it out of logs.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// Returns the token; it is called once per call, so keys can change while the client is in use. Its cancellation token is canceled when the
    /// call is canceled or times out, or the client is disposed. If it throws or returns a malformed token, the call fails with
    /// <see cref="ChatsApiKeyException"/>. No default.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? ApiKeyProvider { get; set; }

    /// <summary>
    /// The address of the service, including its version, with or without a trailing slash, and without user information, query or fragment. It must
    /// be https, or http on a loopback address; see <see cref="AllowInsecureHttp"/>. The client's own connections never use a proxy for a loopback address. Default:
    /// <c>https://api.partner.market.yandex.ru/v2/</c>. Sellers of Market Yandex Go set
    /// <c>https://api.partner.market.yandex.net/v2/</c>.
    /// </summary>
    public Uri BaseAddress { get; set; } = new(ChatsContract.Server + "/");

    /// <summary>
    /// Allows http for addresses other than loopback, for an emulator in a test network. Never set it for the service itself: the key and
    /// the texts are then sent unencrypted, and anyone on the network path can read and change them. Default: false; such an address is rejected.
    /// </summary>
    public bool AllowInsecureHttp { get; set; }

    /// <summary>
    /// Lets a send reuse an open connection. The service does not support keep-alive: on a connection that it has just closed, a send fails with
    /// <see cref="ChatsException.MayHaveBeenSent"/> set. Default: false; each send opens its own connection, with your own
    /// <see cref="HttpClient"/> only if its handler does, such as that of <see cref="ChatsClient.CreateHandler"/>.
    /// </summary>
    public bool ReuseConnectionsForSends { get; set; }

    /// <summary>
    /// Called with the status and headers of every response, except one after which a retry handler of your own, outside those of AddChatsClient,
    /// tries again. It runs inside the call, so it must be quick; its exceptions are ignored. Default: null.
    /// </summary>
    public Action<ChatsResponseInfo>? ResponseReceived { get; set; }

    /// <summary>
    /// The scopes that the key is known to have (<see cref="ChatsScopes"/>, or any other name). When set, an operation that
    /// accepts none of them fails with <see cref="ChatsScopeException"/> before any request. Default: null, unknown: the service decides.
    /// </summary>
    public IReadOnlyCollection<string>? GrantedScopes { get; set; }

    /// <summary>
    /// How long a call may take in total: key, connection, request, the complete response, and any waits in message handlers (one that
    /// ignores its cancellation token can take longer). More than
    /// zero and at most 24 days, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>. Default: 15 seconds (the service's
    /// own limit is 10). After that the call fails with a <see cref="ChatsConnectionException"/> that has
    /// <see cref="ChatsConnectionException.IsTimeout"/> set.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The maximum size of a response in bytes, decompressed; at least 1. Default: 1 MiB. A longer 2xx response fails with
    /// <see cref="ChatsResponseException"/>; a longer error response is reported by its status alone.
    /// </summary>
    public int MaxResponseBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// The name and version of the calling program, <c>name/version</c>, sent in the X-Market-Integration header, which the seller sees
    /// in the cabinet's request log. 1 to 100 characters of printable ASCII, without leading or trailing spaces. Default: null, no header.
    /// </summary>
    public string? Integration { get; set; }

    /// <summary>
    /// The clock for <see cref="Timeout"/> and <see cref="ChatsException.RetryAfter"/>. Default:
    /// <see cref="System.TimeProvider.System"/>. Replace it in tests.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Checks the options, as the constructors of <see cref="ChatsClient"/> do.</summary>
    /// <exception cref="ArgumentException">An option is missing or wrong; the message names it and says how to fix it.</exception>
    public void Validate() => Validate(parameter: null);

    /// <summary>Copies the options.</summary>
    /// <returns>New options with the same values.</returns>
    public ChatsClientOptions Clone() => (ChatsClientOptions)MemberwiseClone();

    /// <summary>A validated copy that nobody else can change.</summary>
    internal static ChatsClientOptions Freeze(ChatsClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var copy = options.Clone();
        copy.GrantedScopes = copy.GrantedScopes is null ? null : [.. copy.GrantedScopes];
        copy.Validate(nameof(options));
        return copy;
    }

    private void Validate(string? parameter)
    {
        if (FindError() is { } fault)
        {
            throw new ArgumentException(fault, parameter);
        }
    }

    /// <summary>The first error, with the name of its option; null if there is none.</summary>
    private string? FindError() => this switch
    {
        { ApiKey: null, ApiKeyProvider: null } => "ApiKey: there is no key; set it, or ApiKeyProvider.",
        { ApiKey: not null, ApiKeyProvider: not null } => "ApiKey: there are two keys; set ApiKey or ApiKeyProvider, not both.",
        { ApiKey: { } key } when ApiKeyFormat.FindError(key) is { } fault => $"ApiKey: {fault}",
        { BaseAddress: null } => "BaseAddress: it is null; leave the default or set an address.",
        { BaseAddress.IsAbsoluteUri: false } => "BaseAddress: it is not absolute; write it with its scheme, such as https://host/v2/.",
        { BaseAddress.Scheme: not ("https" or "http") } => "BaseAddress: its scheme is not https.",
        { BaseAddress: { Scheme: "http", IsLoopback: false }, AllowInsecureHttp: false } =>
            "BaseAddress: plain http would expose the key on the network; use https (http is for loopback, and for test networks with AllowInsecureHttp).",
        { BaseAddress.UserInfo.Length: > 0 } => "BaseAddress: it contains user information; use ApiKey for the key.",
        { BaseAddress: { Query.Length: > 0 } or { Fragment.Length: > 0 } } => "BaseAddress: it has a query or a fragment; end it after the path.",
        { GrantedScopes: { } scopes } when scopes.Any(string.IsNullOrWhiteSpace) =>
            "GrantedScopes: one of them is empty; name the scopes as the cabinet does, or leave it null if they are not known.",
        _ when Timeout != System.Threading.Timeout.InfiniteTimeSpan && (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromDays(24)) =>
            "Timeout: it must be more than zero and at most 24 days, or Timeout.InfiniteTimeSpan.",
        { MaxResponseBytes: < 1 } => "MaxResponseBytes is less than 1: the default is 1048576.",
        { Integration.Length: (0 or > 100) and var length } => $"Integration: it has {length} characters; 1 to 100 are allowed.",
        { Integration: { } name } when name.Trim() != name || name.Any(c => c is < ' ' or > '~') =>
            "Integration: it may contain only printable ASCII, without leading or trailing spaces; write it as name/version.",
        { TimeProvider: null } => "TimeProvider is null: leave the default, TimeProvider.System.",
        _ => null,
    };
}
