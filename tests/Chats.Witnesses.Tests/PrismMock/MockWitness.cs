using YandexMarket.Chats.Witnesses.Tests.Contract;
using YandexMarket.Chats.Witnesses.Tests.Harness;
using YandexMarket.Chats.Witnesses.Tests.Prism;

namespace YandexMarket.Chats.Witnesses.Tests.PrismMock;

/// <summary>Prism in place of the service, for all tests of this folder.</summary>
[Slow]
[SetUpFixture]
internal sealed class MockWitness
{
    private const string Name = "prism-mock";

    private static int _examples;
    private static int _inventions;

    public static PrismProcess Prism { get; private set; } = null!;

    [OneTimeSetUp]
    public static async Task Start() =>
        Prism = await Report.StartAsync(Name, () => PrismProcess.MockAsync(ContractAnswer.Contract));

    [OneTimeTearDown]
    public static async Task Stop()
    {
        if (Prism is not null)
        {
            await Prism.DisposeAsync();
            Report.Figures(
                Name,
                $"Prism mock: {_examples} of the contract's {ContractAnswer.All.Count} examples read, and {_inventions} inventions");
        }
    }

    public static void ExampleRead() => Interlocked.Increment(ref _examples);

    public static void InventionRead() => Interlocked.Increment(ref _inventions);
}
