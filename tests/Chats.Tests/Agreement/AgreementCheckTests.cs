namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>The comparison of the agreement run finds what it is there to find: a client that lies, and a handler that repeats.</summary>
public class AgreementCheckTests
{
    private const int Calls = 600;

    private static IEnumerable<TestCaseData> Liars =>
    [
        Liar("denies what was taken", truth => new Claim(truth, mayHaveBeenSent: false), "was denied, and was taken"),
        Liar("hides its failures", truth => null, "returned, and was not taken"),
        Liar("is never certain", truth => new Claim(truth, mayHaveBeenSent: true),
            "was refused, and is told as uncertain", "had nobody to go to, and is told as uncertain", "reads, and is told as sent"),
        Liar("throws something else", truth => new InvalidOperationException(), "ended as something that says nothing"),
    ];

    [TestCaseSource(nameof(Liars))]
    public async Task A_client_is_found_out_that(Func<ChatsException, Exception?> lie, string[] told)
    {
        var run = await AgreementRun.PlayAsync(Seeds.Seed, Calls, wrap: client => new LyingClient(client, lie));

        foreach (var words in told)
        {
            Assert.That(run.Disagreements(), Has.Some.Contains(words));
        }
    }

    [Test]
    public async Task A_client_that_reads_another_message_is_found_out()
    {
        var run = await AgreementRun.PlayAsync(Seeds.Seed, Calls, wrap: client => new CarelessClient(client));

        Assert.That(run.Disagreements(), Has.Some.Contains("returned another message"));
    }

    [Test]
    public async Task A_handler_that_repeats_sends_is_found_out()
    {
        var run = await AgreementRun.PlayAsync(Seeds.Seed, Calls, handler: new RepeatingHandler(keepsBytes: true));

        Assert.That(run.Disagreements(), Has.Some.Contains("reached the buyer twice"));
    }

    private static TestCaseData Liar(string name, Func<ChatsException, Exception?> lie, params string[] told) =>
        new TestCaseData(lie, told).SetArgDisplayNames(name);
}
