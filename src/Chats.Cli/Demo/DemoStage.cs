using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary>What the demo uses: an emulator in this process, and clients with different keys.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private readonly List<ChatsClient> _clients = [];

    private DemoStage(ChatsEmulator emulator)
    {
        Emulator = emulator;
        Chat = DemoData.AddTo(emulator);
        Client = Create(DemoData.FullKey);
        ReadOnlyClient = Create(DemoData.ReadOnlyKey);
        InformedReadOnlyClient = Create(DemoData.ReadOnlyKey, [ChatsScopes.AllMethodsReadOnly]);
    }

    public ChatsEmulator Emulator { get; }

    public EmulatedChat Chat { get; }

    /// <summary>Its key may do everything. All clients are settable, so that a test can replace one by a client with a defect.</summary>
    public IChatsClient Client { get; set; }

    /// <summary>Its key may only read, which only the service knows.</summary>
    public IChatsClient ReadOnlyClient { get; set; }

    /// <summary>Its key may only read, and its options say so.</summary>
    public IChatsClient InformedReadOnlyClient { get; set; }

    public static async Task<DemoStage> BuildAsync(CancellationToken cancellationToken) =>
        new(await ChatsEmulator.StartAsync(cancellationToken: cancellationToken));

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Emulator.DisposeAsync();
    }

    private ChatsClient Create(string key, string[]? scopes = null)
    {
        var client = new ChatsClient(new ChatsClientOptions { ApiKey = key, BaseAddress = Emulator.BaseAddress, GrantedScopes = scopes });
        _clients.Add(client);
        return client;
    }
}

/// <summary>What an emulator of this tool holds at its start: one chat with three messages, and a key of each kind.</summary>
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
        chat.Receive("Hello! My parcel has come, but is this the right lamp?");
        chat.Receive("Here is a photo of the box.", new ChatAttachment("box.jpg", "https://example.org/files/box.jpg", 48_213));
        chat.Receive(null, new ChatAttachment("label.jpg", "https://example.org/files/label.jpg", 31_870));
        return chat;
    }
}
