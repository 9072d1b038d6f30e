using YandexMarket.Chats.Tests.Faults.Matrix;

namespace YandexMarket.Chats.Tests.Faults;

/// <summary>The whole matrix, over real sockets.</summary>
[Parallelizable(ParallelScope.All)]
public class FaultMatrixTests
{
    private static IEnumerable<TestCaseData> Reads => Cases("Read");

    private static IEnumerable<TestCaseData> Sends => Cases("Send");

    [TestCaseSource(nameof(Reads))]
    public async Task A_read_ends_as_the_table_says(object row) => await PlayAsync((FaultRow)row, isRead: true);

    [TestCaseSource(nameof(Sends))]
    public async Task A_send_ends_as_the_table_says(object row) => await PlayAsync((FaultRow)row, isRead: false);

    private static async Task PlayAsync(FaultRow row, bool isRead)
    {
        var differences = await FaultRunner.DifferencesAsync(row, isRead);
        Assert.That(differences, Is.Empty);
    }

    private static IEnumerable<TestCaseData> Cases(string operation) =>
        FaultTable.Rows.Select(row => new TestCaseData(row).SetArgDisplayNames(operation, row.Group, row.Name));
}
