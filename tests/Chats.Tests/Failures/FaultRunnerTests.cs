using YandexMarket.Chats.Tests.Failures.Matrix;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>A wrong row fails: otherwise the matrix would prove nothing.</summary>
[Parallelizable(ParallelScope.All)]
public class FaultRunnerTests
{
    private static FaultRow Closed => Named("closed after the request");

    private static FaultRow NotFound => Named("404");

    private static IEnumerable<TestCaseData> WrongRows =>
    [
        Wrong("another exception", Closed with { Send = Ends.Unclear() }, "ends as"),
        Wrong("a result", Closed with { Send = Ends.Result }, "ends as"),
        Wrong("a time-out", Closed with { Send = Ends.TimedOut }, "ends as"),
        Wrong("another status", NotFound with { Send = Ends.Answered(400, "BAD_REQUEST") }, "ends as"),
        Wrong("other codes", NotFound with { Send = Ends.Answered(404, "NOT_FOUND") }, "ends as"),
        Wrong("no doubt", Closed with { MayHaveBeenSent = false }, "MayHaveBeenSent"),
        Wrong("a doubt", NotFound with { MayHaveBeenSent = true }, "MayHaveBeenSent"),
        Wrong("fewer requests", Closed with { SendSeen = 0 }, "requests seen"),
        Wrong("more requests", Closed with { SendSeen = Seen.Between(2, 4) }, "requests seen"),
        Wrong("a script that fails", Closed with { Script = _ => throw new NotSupportedException() }, "defect of the script"),
        Wrong("a handler that sends twice", NotFound with { Http = _ => new HttpClient(new Twice()), SendSeen = Seen.Between(1, 2) }, "more than once"),
        Wrong("a client that follows redirects", Named("307 to another server, which is not called") with { Http = _ => new HttpClient() },
            "connections to another server"),
        Wrong("a handler that reads the text and fails", NotFound with { Http = _ => new HttpClient(new Reader()) }, "ends as"),
    ];

    [TestCaseSource(nameof(WrongRows))]
    public async Task A_wrong_row_fails(object row, string difference)
    {
        var differences = await FaultRunner.DifferencesAsync((FaultRow)row, isRead: false);

        Assert.That(differences, Has.Some.Contains(difference));
    }

    [Test]
    public async Task The_rows_that_the_wrong_ones_are_made_from_pass()
    {
        Assert.That(await FaultRunner.DifferencesAsync(Closed, isRead: false), Is.Empty);
        Assert.That(await FaultRunner.DifferencesAsync(NotFound, isRead: false), Is.Empty);
    }

    [Test]
    public void The_canaries_are_heard_in_the_message_in_data_and_inside()
    {
        var exception = new InvalidOperationException("quiet", new AggregateException(new IOException(Canary.Echo)));
        exception.Data["body"] = Canary.Text;

        Assert.That(Canary.PlacesIn(exception), Has.Some.EndsWith("InvalidOperationException.Data").And.Some.EndsWith("IOException.Message"));
        Assert.That(Canary.PlacesIn(new InvalidOperationException("quiet")), Is.Empty);
    }

    private static FaultRow Named(string name) => FaultTable.Rows.Single(row => row.Name == name);

    private static TestCaseData Wrong(string name, FaultRow row, string difference) =>
        new TestCaseData(row, difference).SetArgDisplayNames(name);

    private sealed class Twice() : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // Kept here: the request gives its text once only.
            await request.Content!.LoadIntoBufferAsync(cancellationToken);
            (await base.SendAsync(request, cancellationToken)).Dispose();
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Reader : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new NotSupportedException(await request.Content!.ReadAsStringAsync(cancellationToken));
    }
}
