using YandexMarket.Chats.Tests.Failures.Matrix;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>The whole matrix, over real sockets.</summary>
public sealed class FaultMatrixTests
{
    private static IEnumerable<TestCaseData> Reads => Cases("Read");

    private static IEnumerable<TestCaseData> Sends => Cases("Send");

    [TestCaseSource(nameof(Reads))]
    public async Task A_read_ends_as_the_table_says(object row) =>
        Assert.That(await FaultRunner.DifferencesAsync((FaultRow)row, isRead: true), Is.Empty);

    [TestCaseSource(nameof(Sends))]
    public async Task A_send_ends_as_the_table_says(object row) =>
        Assert.That(await FaultRunner.DifferencesAsync((FaultRow)row, isRead: false), Is.Empty);

    private static IEnumerable<TestCaseData> Cases(string operation) =>
        FaultTable.Rows.Select(row => new TestCaseData(row).SetArgDisplayNames(operation, row.Group, row.Name));
}
