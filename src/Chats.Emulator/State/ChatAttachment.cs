namespace YandexMarket.Chats.Emulator;

/// <summary>A file attached to a message: one element of <c>payload</c> in the response. Nothing is downloaded or uploaded.</summary>
/// <param name="Name">The file's name; may be empty, as in the service.</param>
/// <param name="Url">The file's URL, 1 to 2000 characters.</param>
/// <param name="Size">The file's size in bytes, zero or more.</param>
public sealed record ChatAttachment(string Name, string Url, int Size);
