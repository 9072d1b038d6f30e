using System.Globalization;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>
/// The rule that matters most, over a real network that fails: what the client says of a send is what the service did. To see the
/// figures: <c>dotnet test tests/Chats.Tests --filter Agreement --logger "console;verbosity=detailed"</c>. CHATS_AGREEMENT_SEED draws
/// other calls and other faults.
/// </summary>
public class AgreementTests
{
    private const int Calls = 20_000;
    private const int CallsOfALiar = 1_500;

    private static int Seed { get; } =
        int.Parse(Environment.GetEnvironmentVariable("CHATS_AGREEMENT_SEED") ?? "20251122", CultureInfo.InvariantCulture);

    [Test]
    public async Task The_clients_word_is_the_truth()
    {
        var run = await AgreementRun.PlayAsync(Seed, Calls);

        await TestContext.Out.WriteLineAsync($"{Calls} calls, {AgreementRun.AtOnce} at once, seed {Seed}\n{AgreementTable.Print(run.Calls)}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Disagreements(run), Is.Empty, $"seed {Seed}");
            Assert.That(run.Strays, Is.Zero, "texts in a chat to which nobody sent them");
        }

        CheckThatItWasHard(run);
    }

    [Test]
    public async Task Among_message_handlers_that_throw_no_word_contradicts_the_truth()
    {
        var handler = new CapriciousHandler(Seed);
        var run = await AgreementRun.PlayAsync(Seed, Calls, handler: handler);

        // A handler that throws a response away, or reads the body before it connects, leaves the client no way to know more: there it may doubt.
        var contradictions = Disagreements(run).Where(words =>
            !words.Contains("was answered well, and failed", StringComparison.Ordinal) && !words.Contains("is told as uncertain", StringComparison.Ordinal)).ToArray();
        await TestContext.Out.WriteLineAsync($"{Calls} calls, seed {Seed}: the handlers threw {handler.Before} times before and {handler.After} times after a request, {contradictions.Length} contradictions");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(contradictions, Is.Empty, $"seed {Seed}");
            Assert.That((run.Strays, handler.Before > Calls / 20, handler.After > Calls / 40), Is.EqualTo((0, true, true)));
        }
    }

    [Test]
    public async Task A_handler_that_repeats_sends_is_found_out()
    {
        var run = await AgreementRun.PlayAsync(Seed, CallsOfALiar, handler: new RepeatingHandler(keepsBytes: true));

        Assert.That(Disagreements(run), Has.Some.Contains("reached the buyer twice"));
    }

    [Test]
    public async Task A_handler_that_repeats_sends_and_keeps_no_text_makes_the_client_cautious_and_nothing_worse()
    {
        var run = await AgreementRun.PlayAsync(Seed, CallsOfALiar, handler: new RepeatingHandler(keepsBytes: false));

        Assert.That(Disagreements(run), Is.Not.Empty.And.All.Contains("was refused, and is told as uncertain"));
    }

    [Test]
    public async Task A_client_that_denies_what_was_taken_is_found_out()
    {
        var run = await PlayLiarAsync(truth => new Claim(truth, mayHaveBeenSent: false));

        Assert.That(Disagreements(run), Has.Some.Contains("was denied, and was taken"));
    }

    [Test]
    public async Task A_client_that_hides_its_failures_is_found_out()
    {
        var run = await PlayLiarAsync(truth => null);

        Assert.That(Disagreements(run), Has.Some.Contains("returned, and was not taken"));
    }

    [Test]
    public async Task A_client_that_is_never_certain_is_found_out()
    {
        var run = await PlayLiarAsync(truth => new Claim(truth, mayHaveBeenSent: true));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Disagreements(run), Has.Some.Contains("was refused, and is told as uncertain"));
            Assert.That(Disagreements(run), Has.Some.Contains("had nobody to go to, and is told as uncertain"));
            Assert.That(Disagreements(run), Has.Some.Contains("reads, and is told as sent"));
        }
    }

    [Test]
    public async Task A_client_that_throws_something_else_is_found_out()
    {
        var run = await PlayLiarAsync(truth => new InvalidOperationException());

        Assert.That(Disagreements(run), Has.Some.Contains("ended as something that says nothing"));
    }

    [Test]
    public async Task A_client_that_reads_another_message_is_found_out()
    {
        var run = await AgreementRun.PlayAsync(Seed, CallsOfALiar, wrap: client => new CarelessClient(client));

        Assert.That(Disagreements(run), Has.Some.Contains("returned another message"));
    }

    private static Task<AgreementRun> PlayLiarAsync(Func<ChatsException, Exception?> lie) =>
        AgreementRun.PlayAsync(Seed, CallsOfALiar, wrap: client => new LyingClient(client, lie));

    private static string[] Disagreements(AgreementRun run) => [.. run.Calls.SelectMany(call => call.Disagreements())];

    /// <summary>Agreement over calls that all went well would prove nothing.</summary>
    private static void CheckThatItWasHard(AgreementRun run)
    {
        var sends = run.Calls.Where(call => !call.Plan.IsRead).ToArray();
        var faults = run.Calls.SelectMany(call => call.Requests).Count(request => request.Fault is not null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Calls, Has.Count.EqualTo(Calls));
            Assert.That(run.MostUnderWay, Is.EqualTo(AgreementRun.AtOnce), "at once");
            Assert.That((double)faults / run.Calls.Sum(call => call.Requests.Count), Is.EqualTo(AgreementRun.FaultRate).Within(0.03));
            Assert.That(sends.Count(call => call.Word == Word.Returned), Is.GreaterThan(Calls / 3));
            Assert.That(sends.Count(call => call.Word == Word.NotSent), Is.GreaterThan(Calls / 50));
            Assert.That(sends.Count(call => call.Word == Word.MayHaveBeenSent && call.InChats == 1), Is.GreaterThan(Calls / 50));
            Assert.That(sends.Count(call => call.Word == Word.MayHaveBeenSent && call.InChats == 0), Is.GreaterThan(Calls / 50));
            Assert.That(sends.Count(call => call.TimeWasOver && call.Word == Word.NotSent), Is.Positive, "a deadline before a byte left");
            Assert.That(
                run.Calls.Select(call => call.Fate),
                Is.SupersetOf(ChatsFault.All.Concat([ChatsFault.Stall, ChatsFault.Stall.AfterTaking(), ChatsFault.SlowDrip]).Select(fault => $"{fault}")));
            Assert.That(
                run.Calls.Select(call => call.Fate),
                Is.SupersetOf(new[]
                {
                    "answered 200", "answered 401", "answered 403", "answered 404", "answered 420, at once", "answered 420, this hour", "nobody listens",
                }));
        }
    }
}
