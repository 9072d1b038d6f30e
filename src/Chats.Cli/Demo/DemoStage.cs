using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary>What the demo plays with: an emulator in this process, and clients with different keys.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private readonly List<ChatsClient> _clients = [];

    private DemoStage(ChatsEmulator emulator)
    {
        Emulator = emulator;
        Chat = DemoData.AddTo(emulator);
        Client = Create(DemoData.FullKey);
        ReadOnlyClient = Create(DemoData.ReadOnlyKey);
        InformedReadOnlyClient = Create(DemoData.ReadOnlyKey, ChatsScopes.AllMethodsReadOnly);
    }

    public ChatsEmulator Emulator { get; }

    public EmulatedChat Chat { get; }

    /// <summary>Its key may do everything. Settable, as all of them, so that a test can put a liar in its place.</summary>
    public IChatsClient Client { get; set; }

    /// <summary>Its key may only read, which the service alone knows.</summary>
    public IChatsClient ReadOnlyClient { get; set; }

    /// <summary>Its key may only read, and its options say so.</summary>
    public IChatsClient InformedReadOnlyClient { get; set; }

    public static async Task<DemoStage> BuildAsync(CancellationToken cancellationToken) =>
        new(await ChatsEmulator.StartAsync(cancellationToken: cancellationToken));

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await Emulator.DisposeAsync();
    }

    private ChatsClient Create(string key, params string[] knownScopes)
    {
        var client = new ChatsClient(new ChatsClientOptions
        {
            ApiKey = key,
            BaseAddress = Emulator.BaseAddress,
            GrantedScopes = knownScopes.Length > 0 ? knownScopes : null,
        });
        _clients.Add(client);
        return client;
    }
}
