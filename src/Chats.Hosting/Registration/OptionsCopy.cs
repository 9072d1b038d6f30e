namespace YandexMarket.Chats.Hosting;

internal static class OptionsCopy
{
    /// <summary>A copy of the options with another key.</summary>
    public static ChatsClientOptions With(
        this ChatsClientOptions options, string? apiKey, Func<CancellationToken, ValueTask<string>>? apiKeyProvider) => new()
        {
            ApiKey = apiKey,
            ApiKeyProvider = apiKeyProvider,
            BaseAddress = options.BaseAddress,
            AllowInsecureHttp = options.AllowInsecureHttp,
            ReuseConnectionsForSends = options.ReuseConnectionsForSends,
            ResponseReceived = options.ResponseReceived,
            GrantedScopes = options.GrantedScopes,
            Timeout = options.Timeout,
            MaxResponseBytes = options.MaxResponseBytes,
            Integration = options.Integration,
            TimeProvider = options.TimeProvider,
        };
}
