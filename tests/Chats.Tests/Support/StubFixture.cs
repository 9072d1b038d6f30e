namespace YandexMarket.Chats.Tests;

/// <summary>Tests that share one stub: one at a time, each with answers of its own.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Parallelizable(ParallelScope.Self)]
public abstract class StubFixture
{
    private protected const string Key = "ACMA:stub-key:of-tests";

    private protected StubServer Stub { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartStub() => Stub = await StubServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopStub() => await Stub.DisposeAsync();

    /// <summary>A client of the stub with connections of its own.</summary>
    private protected ChatsClient NewClient(Action<ChatsClientOptions>? change = null) => new(NewOptions(change));

    private protected ChatsClientOptions NewOptions(Action<ChatsClientOptions>? change = null)
    {
        var options = new ChatsClientOptions { ApiKey = Key, BaseAddress = new Uri(Stub.BaseAddress, "v2/") };
        change?.Invoke(options);
        return options;
    }
}
