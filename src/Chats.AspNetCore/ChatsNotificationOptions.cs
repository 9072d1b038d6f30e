namespace YandexMarket.Chats.AspNetCore;

/// <summary>The options of the receiver. None is required; they are validated when the host starts.</summary>
public sealed class ChatsNotificationOptions
{
    /// <summary>The name in the responses to the service, 1 to 100 characters. Default: null, the name of the application.</summary>
    public string? Name { get; set; }

    /// <summary>The version in the responses to the service, 1 to 100 characters. Default: null, the version of the application.</summary>
    public string? Version { get; set; }

    /// <summary>
    /// The business accounts whose notifications reach the handler. Those of others get a 200 and a warning in the log. Default: empty, which
    /// accepts all businesses.
    /// </summary>
    public ICollection<long> Businesses { get; } = new HashSet<long>();

    /// <summary>
    /// Whether only <see cref="SenderNetworks"/> and loopback addresses may call. Default: null, which is true outside the Development environment. A
    /// proxy on this machine must add X-Forwarded-For to each request, and the application needs the Forwarded Headers Middleware: without the
    /// header every request that the proxy passes on comes from a loopback address.
    /// </summary>
    public bool? CheckSender { get; set; }

    /// <summary>
    /// The networks that notifications may come from, in CIDR notation. Default: those of the service, 5.45.207.0/25, 141.8.142.0/25 and
    /// 5.255.253.0/25. A configuration section adds to them; code can also remove them.
    /// </summary>
    public IList<string> SenderNetworks { get; } = ["5.45.207.0/25", "141.8.142.0/25", "5.255.253.0/25"];
}
