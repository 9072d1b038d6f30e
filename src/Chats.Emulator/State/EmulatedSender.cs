namespace YandexMarket.Chats.Emulator;

/// <summary>
/// Who wrote a message. An open set, as in the service: <c>new EmulatedSender("COURIER")</c> shows how a client handles an unknown sender.
/// </summary>
public sealed record EmulatedSender
{
    /// <summary>Creates a sender, documented or not.</summary>
    /// <param name="value">The value of <c>sender</c> in the service's responses.</param>
    /// <exception cref="ArgumentException">The value is null, empty or white space.</exception>
    public EmulatedSender(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        Value = value;
    }

    /// <summary>The shop, which sends through the API.</summary>
    public static EmulatedSender Partner { get; } = new("PARTNER");

    /// <summary>The buyer.</summary>
    public static EmulatedSender Customer { get; } = new("CUSTOMER");

    /// <summary>The marketplace itself: automatic messages.</summary>
    public static EmulatedSender Market { get; } = new("MARKET");

    /// <summary>A person of the marketplace's support.</summary>
    public static EmulatedSender Support { get; } = new("SUPPORT");

    /// <summary>The value of <c>sender</c> in the service's responses.</summary>
    public string Value { get; }

    /// <summary>Returns <see cref="Value"/>.</summary>
    public override string ToString() => Value;
}
