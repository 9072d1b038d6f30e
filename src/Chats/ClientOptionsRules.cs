namespace YandexMarket.Chats;

/// <summary>What the options of a client must be like.</summary>
internal static class ClientOptionsRules
{
    /// <summary>The first thing that is wrong with the options, naming the option, or null.</summary>
    public static string? FaultIn(ChatsClientOptions options)
    {
        if (options is { ApiKey: null, ApiKeyProvider: null })
        {
            return "ApiKey: there is no key; set it, or ApiKeyProvider.";
        }

        if (options is { ApiKey: not null, ApiKeyProvider: not null })
        {
            return "ApiKey: there are two keys; set ApiKey or ApiKeyProvider, not both.";
        }

        return (options.ApiKey is null ? null : Named("ApiKey", ApiKeyText.FaultIn(options.ApiKey)))
            ?? Named("BaseAddress", AddressFault(options.BaseAddress, options.AllowInsecureHttp))
            ?? Named("GrantedScopes", ScopesFault(options.GrantedScopes))
            ?? Named("Timeout", TimeoutFault(options.Timeout))
            ?? (options.MaxResponseBytes < 1 ? "MaxResponseBytes is less than 1: the default is 1048576." : null)
            ?? Named("Integration", IntegrationFault(options.Integration))
            ?? (options.TimeProvider is null ? "TimeProvider is null: leave the default, TimeProvider.System." : null);
    }

    private static string? Named(string option, string? fault) => fault is null ? null : $"{option}: {fault}";

    private static string? AddressFault(Uri? address, bool allowInsecureHttp) => address switch
    {
        null => "it is null; leave the default or set an address.",
        { IsAbsoluteUri: false } => "it is not absolute; write it with its scheme, as https://host/v2/.",
        { Scheme: not ("https" or "http") } => "its scheme is not https.",
        { Scheme: "http", IsLoopback: false } when !allowInsecureHttp =>
            "plain http would show the key to the network; use https (http is for loopback, and for test networks with AllowInsecureHttp).",
        { UserInfo.Length: > 0 } => "it holds user information; the key has an option of its own.",
        { Query.Length: > 0 } or { Fragment.Length: > 0 } => "it has a query or a fragment; end it after the path.",
        _ => null,
    };

    private static string? ScopesFault(IReadOnlyCollection<string>? scopes) =>
        scopes is not null && scopes.Any(string.IsNullOrWhiteSpace)
            ? "one of them is empty; name scopes as the cabinet does, or leave null when they are not known."
            : null;

    private static string? TimeoutFault(TimeSpan timeout) =>
        timeout == System.Threading.Timeout.InfiniteTimeSpan || (timeout > TimeSpan.Zero && timeout <= TimeSpan.FromDays(24))
            ? null
            : "it must be more than zero and at most 24 days, or Timeout.InfiniteTimeSpan.";

    private static string? IntegrationFault(string? integration)
    {
        if (integration is null)
        {
            return null;
        }

        if (integration.Length is 0 or > 100)
        {
            return $"it has {integration.Length} characters; 1 to 100 are allowed.";
        }

        return integration.All(c => c is >= ' ' and <= '~') && integration.Trim().Length == integration.Length
            ? null
            : "it may hold printable ASCII only, with no space at its ends; write it as name/version.";
    }
}
