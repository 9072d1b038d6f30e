namespace YandexMarket.Chats.Emulator;

/// <summary>
/// A refused call: status, code and text. <c>Recorded</c> stands in the emulator's record in place of a text that quotes the caller.
/// </summary>
internal sealed record Refusal(int Status, string Code, string Message)
{
    public string Recorded { get; init; } = Message;
}
