namespace YandexMarket.Chats.Emulator;

/// <summary>A key with its scopes, as in a saved state. Without a business it is valid for all of them.</summary>
internal sealed record ApiKey(string Key, string[] Scopes, long? BusinessId = null, bool Revoked = false)
{
    // From the pages of the two methods: a key needs one of these scopes.
    public bool Allows(EmulatedOperation operation) => Scopes.Any(scope =>
        scope is "communication" or "all-methods" || (scope == "all-methods:read-only" && operation == EmulatedOperation.GetChatMessage));

    /// <summary>A token is opaque: all that is known is that it is sent as a header value and has no white space.</summary>
    public static bool IsToken(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExceptInRange('!', '~');
}
