namespace YandexMarket.Chats.Docs.Tests;

/// <summary>An emulated shop for the examples: business 1 with chat 2, the key "key", and a client that has it.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private Shop(ChatsEmulator emulator)
    {
        Emulator = emulator;
        emulator.AddKey("key", ChatsScopes.Communication);
        Chat = emulator.AddBusiness(1).AddChat(2);
        Client = new ChatsClient(new ChatsClientOptions { ApiKey = "key", BaseAddress = emulator.BaseAddress });
    }

    public ChatsEmulator Emulator { get; }

    public EmulatedChat Chat { get; }

    public ChatsClient Client { get; }

    public static async Task<Shop> OpenAsync(ChatsEmulatorOptions? options = null) => new(await ChatsEmulator.StartAsync(options));

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return Emulator.DisposeAsync();
    }
}
