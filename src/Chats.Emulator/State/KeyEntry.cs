namespace YandexMarket.Chats.Emulator;

/// <summary>The scopes of a key and its business; null means all businesses.</summary>
internal sealed record KeyEntry(string[] Scopes, EmulatedBusiness? Business)
{
    public bool IsRevoked { get; set; }

    // From the pages of the two methods: a key needs one of these scopes.
    public bool Allows(EmulatedOperation operation) => Scopes.Any(scope =>
        scope is "communication" or "all-methods" || (scope == "all-methods:read-only" && operation == EmulatedOperation.GetChatMessage));

    public bool Opens(EmulatedBusiness business) => Business is null || Business == business;
}
