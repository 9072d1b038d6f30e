namespace YandexMarket.Chats.Emulator;

/// <summary>
/// The documented senders: the values of <c>sender</c> in the service's responses. It is an open set, as in the service: any other string,
/// such as <c>"COURIER"</c>, shows how a client handles an unknown sender.
/// </summary>
public static class EmulatedSender
{
    /// <summary>The shop, which sends through the API.</summary>
    public const string Partner = "PARTNER";

    /// <summary>The buyer.</summary>
    public const string Customer = "CUSTOMER";

    /// <summary>The marketplace itself: automatic messages.</summary>
    public const string Market = "MARKET";

    /// <summary>A person of the marketplace's support.</summary>
    public const string Support = "SUPPORT";
}
