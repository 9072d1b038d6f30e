using YandexMarket.Chats.Witnesses.Tests.Contract;
using YandexMarket.Chats.Witnesses.Tests.Prism;

namespace YandexMarket.Chats.Witnesses.Tests.PrismMock;

/// <summary>Prism in place of the service, for all tests of this folder.</summary>
[Slow]
[SetUpFixture]
internal sealed class MockWitness
{
    public static PrismProcess Prism { get; private set; } = null!;

    [OneTimeSetUp]
    public static async Task Start() => Prism = await PrismProcess.MockAsync(ContractAnswer.Contract);

    [OneTimeTearDown]
    public static async Task Stop() => await (Prism?.DisposeAsync() ?? ValueTask.CompletedTask);
}
