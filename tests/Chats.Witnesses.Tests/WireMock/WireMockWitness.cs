using YandexMarket.Chats.Witnesses.Tests.Harness;

namespace YandexMarket.Chats.Witnesses.Tests.WireMock;

/// <summary>WireMock in place of the service, for all tests of this folder. Each takes a business of its own.</summary>
[SetUpFixture]
internal sealed class WireMockWitness
{
    private const string Name = "wiremock";

    private static WireMockProcess? _process;
    private static long _businesses;

    public static Uri Address => _process!.Address;

    public static WireMockAdmin Admin => _process!.Admin;

    public static long NextBusinessId() => Interlocked.Increment(ref _businesses);

    [OneTimeSetUp]
    public static async Task Start() => _process = await Report.StartAsync(Name, WireMockProcess.StartAsync);

    [OneTimeTearDown]
    public static async Task Stop()
    {
        if (_process is null)
        {
            return;
        }

        await using (_process)
        {
            var journal = await Admin.JournalAsync();
            var faults = journal.Count(request => request["responseDefinition"]?["fault"] is not null);
            var unexpected = journal.Count(request => !(bool)request["wasMatched"]!);
            Report.Figures(
                Name, $"WireMock: {journal.Count} requests, {faults} of them met a socket fault, {unexpected} were not as expected");
        }
    }
}
