namespace YandexMarket.Chats.Emulator;

/// <summary>What is known of a key: what it may do and where. A null business means every business.</summary>
internal sealed record KeyEntry(string[] Scopes, EmulatedBusiness? Business, bool IsRevoked)
{
    // Read off the two method pages: a key needs one of these.
    private static readonly string[] _reading = ["communication", "all-methods", "all-methods:read-only"];
    private static readonly string[] _sending = ["communication", "all-methods"];

    public bool Allows(EmulatedOperation operation)
    {
        var needed = operation == EmulatedOperation.GetChatMessage ? _reading : _sending;
        foreach (var scope in Scopes)
        {
            if (Array.IndexOf(needed, scope) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    public bool Opens(EmulatedBusiness business) => Business is null || ReferenceEquals(Business, business);
}
