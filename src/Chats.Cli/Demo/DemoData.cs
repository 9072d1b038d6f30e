using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary>What an emulator of this tool contains at startup: one chat with three messages, and a key of each kind.</summary>
internal static class DemoData
{
    public const string FullKey = "demo-all";
    public const string ReadOnlyKey = "demo-read-only";
    public const string KeyWithoutScopes = "demo-none";

    public static EmulatedChat AddTo(ChatsEmulator emulator)
    {
        emulator.AddKey(FullKey, "communication");
        emulator.AddKey(ReadOnlyKey, "all-methods:read-only");
        emulator.AddKey(KeyWithoutScopes, "settings-management");
        var chat = emulator.AddBusiness(1).AddChat(2);
        chat.Receive("Hello! My parcel has arrived, but is this the right lamp?");
        chat.Receive("Here is a photo of the box.", new ChatAttachment("box.jpg", "https://example.org/files/box.jpg", 48_213));
        chat.Receive(null, new ChatAttachment("label.jpg", "https://example.org/files/label.jpg", 31_870));
        return chat;
    }
}
