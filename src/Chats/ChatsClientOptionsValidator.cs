namespace YandexMarket.Chats;

/// <summary>Validates the options of a client.</summary>
internal static class ChatsClientOptionsValidator
{
    /// <summary>The first error in the options, with the name of the option; null if there is none.</summary>
    public static string? FindError(ChatsClientOptions options)
    {
        if (options is { ApiKey: null, ApiKeyProvider: null })
        {
            return "ApiKey: there is no key; set it, or ApiKeyProvider.";
        }

        if (options is { ApiKey: not null, ApiKeyProvider: not null })
        {
            return "ApiKey: there are two keys; set ApiKey or ApiKeyProvider, not both.";
        }

        return (options.ApiKey is null ? null : Named("ApiKey", ApiKeyFormat.FindError(options.ApiKey)))
            ?? Named("BaseAddress", AddressError(options.BaseAddress, options.AllowInsecureHttp))
            ?? Named("GrantedScopes", ScopesError(options.GrantedScopes))
            ?? Named("Timeout", TimeoutError(options.Timeout))
            ?? (options.MaxResponseBytes < 1 ? "MaxResponseBytes is less than 1: the default is 1048576." : null)
            ?? Named("Integration", IntegrationError(options.Integration))
            ?? (options.TimeProvider is null ? "TimeProvider is null: leave the default, TimeProvider.System." : null);
    }

    private static string? Named(string option, string? fault) => fault is null ? null : $"{option}: {fault}";

    private static string? AddressError(Uri? address, bool allowInsecureHttp) => address switch
    {
        null => "it is null; leave the default or set an address.",
        { IsAbsoluteUri: false } => "it is not absolute; write it with its scheme, such as https://host/v2/.",
        { Scheme: not ("https" or "http") } => "its scheme is not https.",
        { Scheme: "http", IsLoopback: false } when !allowInsecureHttp =>
            "plain http would expose the key on the network; use https (http is for loopback, and for test networks with AllowInsecureHttp).",
        { UserInfo.Length: > 0 } => "it contains user information; use ApiKey for the key.",
        { Query.Length: > 0 } or { Fragment.Length: > 0 } => "it has a query or a fragment; end it after the path.",
        _ => null,
    };

    private static string? ScopesError(IReadOnlyCollection<string>? scopes) =>
        scopes is not null && scopes.Any(string.IsNullOrWhiteSpace)
            ? "one of them is empty; name the scopes as the cabinet does, or leave it null if they are not known."
            : null;

    private static string? TimeoutError(TimeSpan timeout) =>
        timeout == System.Threading.Timeout.InfiniteTimeSpan || (timeout > TimeSpan.Zero && timeout <= TimeSpan.FromDays(24))
            ? null
            : "it must be more than zero and at most 24 days, or Timeout.InfiniteTimeSpan.";

    private static string? IntegrationError(string? integration)
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
            : "it may contain only printable ASCII, without leading or trailing spaces; write it as name/version.";
    }
}
