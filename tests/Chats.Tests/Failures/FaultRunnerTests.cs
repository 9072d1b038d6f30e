using YandexMarket.Chats.Tests.Failures.Matrix;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>A wrong row fails: otherwise the matrix would prove nothing.</summary>
public sealed class FaultRunnerTests
{
    private static FaultRow Closed => Named("closed after the request");

    private static FaultRow NotFound => Named("404");

    private static IEnumerable<TestCaseData> WrongRows =>
    [
        Wrong("another exception", Closed with { Send = Ends.Unclear() }, "ends as"),
        Wrong("a result", Closed with { Send = Ends.Result }, "ends as"),
        Wrong("other codes", NotFound with { Send = Ends.Status(404, "NOT_FOUND") }, "ends as"),
        Wrong("no doubt", Closed with { MayHaveBeenSent = false }, "MayHaveBeenSent"),
        Wrong("fewer requests", Closed with { SendSeen = 0 }, "requests seen"),
        Wrong("a script that fails", Closed with { Script = _ => throw new NotSupportedException() }, "defect of the script"),
        Wrong("a client that follows redirects", Named("307 to another server, which is not called") with { Http = _ => new HttpClient() },
            "connections to another server"),
    ];

    [TestCaseSource(nameof(WrongRows))]
    public async Task A_wrong_row_fails(object row, string difference) =>
        Assert.That(await FaultRunner.DifferencesAsync((FaultRow)row, isRead: false), Has.Some.Contains(difference));

    private static FaultRow Named(string name) => FaultTable.Rows.Single(row => row.Name == name);

    private static TestCaseData Wrong(string name, FaultRow row, string difference) => new TestCaseData(row, difference).SetArgDisplayNames(name);
}
