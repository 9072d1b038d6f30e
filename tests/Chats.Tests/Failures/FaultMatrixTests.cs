using System.Security.Authentication;
using YandexMarket.Chats.Tests.Failures.Matrix;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>The whole matrix, over real sockets; and a wrong row fails: otherwise the matrix would prove nothing.</summary>
internal sealed class FaultMatrixTests
{
    private static IEnumerable<TestCaseData> Cases =>
        from row in FaultTable.Rows
        from isRead in new[] { true, false }
        select new TestCaseData(row, isRead).SetArgDisplayNames(isRead ? "Read" : "Send", row.Group, row.Name);

    private static FaultRow Closed => Named("closed after the request");

    private static IEnumerable<TestCaseData> WrongRows =>
    [
        Wrong("another exception", Closed with { Send = Ends.Unclear() }, "ends as"),
        Wrong("a result", Closed with { Send = Ends.Result }, "ends as"),
        Wrong("other codes", Named("404") with { Send = Ends.Status(404, "NOT_FOUND") }, "ends as"),
        Wrong("no doubt", Closed with { MayHaveBeenSent = false }, "MayHaveBeenSent"),
        Wrong("fewer requests", Closed with { SendSeen = 0 }, "requests seen"),
        Wrong("a script that fails", Closed with { Steps = [_ => throw new NotSupportedException()] }, "defect of the script"),
        Wrong("a client that follows redirects", Named("307 to another server, which is not called") with { Http = _ => new HttpClient() },
            "connections to another server"),
    ];

    [TestCaseSource(nameof(Cases))]
    public async Task A_call_has_the_outcome_in_the_table(FaultRow row, bool isRead) => Assert.That(await DifferencesAsync(row, isRead), Is.Empty);

    [TestCaseSource(nameof(WrongRows))]
    public async Task A_wrong_row_fails(FaultRow row, string difference) =>
        Assert.That(await DifferencesAsync(row, isRead: false), Has.Some.Contains(difference));

    private static async Task<IReadOnlyList<string>> DifferencesAsync(FaultRow row, bool isRead)
    {
        await using var scene = new Scene(row, isRead);
        string? text = null;
        var exception = await Clients.FailureOfAsync(async () => text = await PlayAsync(row, scene));
        await scene.DisposeAsync();

        var record = scene.Server.Record;
        var before = row.AfterGoodCall ? 1 : 0;
        var seen = isRead ? row.ReadSeen : row.SendSeen;
        (string What, object? Expected, object? Actual)[] facts =
        [
            ("ends as", isRead ? row.Read : row.Send, Ends.Of(exception)),
            ("text", isRead && exception is null ? Canary.Text : null, text),
            ("MayHaveBeenSent", exception is null ? null : !isRead && row.MayHaveBeenSent, (exception as ChatsException)?.MayHaveBeenSent),
            ("Operation", exception is null ? null : isRead ? ChatsOperations.GetChatMessage : ChatsOperations.SendMessageToChat,
                (exception as ChatsException)?.Operation),
            ("the text seen more than once", false, record.Texts.Count - before > 1),
            ("other texts seen", 0, record.Texts.Count(seenText => seenText != row.Text)),
            ("connections to another server", 0, scene.Elsewhere.Record.Opened),
            ("a text that the server has is said to be unsent", false,
                exception is ChatsConnectionException { MayHaveBeenSent: false } && record.Texts.Count > before),
            ("timers left", 0, scene.Clock.Waiting),
            ("an inner exception whose text may quote a response", false,
                exception?.InnerException is not (null or SocketException or AuthenticationException or TimeoutException)),
        ];
        return
        [
            .. facts.Where(fact => !Equals(fact.Expected, fact.Actual)).Select(fact => $"{fact.What}: expected {fact.Expected}, was {fact.Actual}; {exception}"),
            .. seen.Holds(record.Complete - before) ? [] : new[] { $"requests seen: expected {seen}, was {record.Complete - before}" },
            .. exception is null ? [] : Canary.PlacesIn(exception).Select(place => $"a canary is in {place}: {exception}"),
            .. record.Defects.Select(defect => $"defect of the script: {defect}"),
        ];
    }

    /// <summary>The text that a read returns.</summary>
    private static async Task<string?> PlayAsync(FaultRow row, Scene scene)
    {
        using var http = row.Http?.Invoke(scene);
        var options = Clients.Options(row.Address(scene), options => (options.Timeout, options.TimeProvider) = (Scene.Deadline, scene.Clock));
        row.Options(options, scene);
        using var client = scene.Client = http is null ? new ChatsClient(options) : new ChatsClient(http, options);
        if (row.AfterGoodCall)
        {
            await CallAsync();
            scene.GoodCallEnded.SetResult();
            await scene.GoodCallOver.Task;
        }

        return await CallAsync();

        async Task<string?> CallAsync() => (await client.CallAsync(scene.IsRead, 1, 2, 3, row.Text))?.Message;
    }

    private static FaultRow Named(string name) => FaultTable.Rows.Single(row => row.Name == name);

    private static TestCaseData Wrong(string name, FaultRow row, string difference) => new TestCaseData(row, difference).SetArgDisplayNames(name);
}
