namespace YandexMarket.Chats.Cli;

/// <summary>What the checks of one <c>chats doctor</c> are given, and what they leave for the ones after them.</summary>
internal sealed class Examination
{
    public required Shell Shell { get; init; }

    public required bool KeyFromInput { get; init; }

    /// <summary>The address and the time of the command line. The key is added by its check.</summary>
    public required ChatsClientOptions Options { get; init; }

    /// <summary>The ids of the read; null where the command line has none.</summary>
    public required (long? Business, long? Chat, long? Message) Ids { get; init; }

    /// <summary>The proxy that is used, or null.</summary>
    public Uri? Proxy { get; set; }

    /// <summary>The Date of the service's response, and when it was asked and had responded by this machine's clock.</summary>
    public (DateTimeOffset? Service, DateTimeOffset Before, DateTimeOffset After) Times { get; set; }

    public string Host => Options.BaseAddress.IdnHost;
}
