using YandexMarket.Chats.Tests.Failures.Matrix;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>The whole matrix, over real sockets.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FaultMatrixTests : IDisposable
{
    private readonly Overhearing _world = new();

    private static IEnumerable<TestCaseData> Reads => Cases("Read");

    private static IEnumerable<TestCaseData> Sends => Cases("Send");

    [TestCaseSource(nameof(Reads))]
    public Task A_read_ends_as_the_table_says(object row) => PlayAsync((FaultRow)row, isRead: true);

    [TestCaseSource(nameof(Sends))]
    public Task A_send_ends_as_the_table_says(object row) => PlayAsync((FaultRow)row, isRead: false);

    [OneTimeTearDown]
    public void Dispose() => _world.Dispose();

    private async Task PlayAsync(FaultRow row, bool isRead)
    {
        var differences = await FaultRunner.DifferencesAsync(row, isRead);

        Assert.Multiple(() =>
        {
            Assert.That(differences, Is.Empty);
            Assert.That(_world.Songs, Is.Empty, "An activity or an event tells the key or a text.");
        });
    }

    private static IEnumerable<TestCaseData> Cases(string operation) =>
        FaultTable.Rows.Select(row => new TestCaseData(row).SetArgDisplayNames(operation, row.Group, row.Name));
}
