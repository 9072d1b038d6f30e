namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>
/// The promise that matters most, over a real network that fails: what the client says of a send is what the service did. To see the
/// figures: <c>dotnet test tests/Chats.Tests --filter Agreement --logger "console;verbosity=detailed"</c>. CHATS_TEST_SEED draws
/// other calls and other faults.
/// </summary>
[NonParallelizable]
public sealed class AgreementTests
{
    private static readonly int _calls = Seeds.Amount(20_000);

    private static int Seed => Seeds.Seed;

    [Test]
    public async Task What_the_client_reports_is_what_happened()
    {
        using var unobserved = new UnobservedExceptions();
        var run = await AgreementRun.PlayAsync(Seed, _calls);

        await TestContext.Out.WriteLineAsync($"{_calls} calls, {AgreementRun.AtOnce} at once, seed {Seed}: {string.Join(", ", run.Calls.CountBy(call => call.Word))}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Disagreements(), Is.Empty, $"seed {Seed}");
            Assert.That(run.Strays, Is.Zero, "texts in a chat to which nobody sent them");
        }

        CheckThatItWasHard(run);
        unobserved.AssertNone();
    }

    [Test]
    public async Task With_handlers_that_throw_it_reports_nothing_wrong()
    {
        var (random, before, after) = (new Random(Seed), 0, 0);
        int Draw()
        {
            lock (random)
            {
                return random.Next(100);
            }
        }

        var run = await AgreementRun.PlayAsync(Seed, _calls, handler: new ForeignHandler(async (request, next, cancellationToken) =>
        {
            var drawn = Draw();
            if (drawn < 10)
            {
                Interlocked.Increment(ref before);
                throw AnyException(drawn);
            }

            if (drawn < 15)
            {
                await (request.Content?.ReadAsStringAsync(cancellationToken) ?? Task.FromResult(""));
            }

            var response = await next(request);
            if (drawn < 90)
            {
                return response;
            }

            response.Dispose();
            Interlocked.Increment(ref after);
            throw AnyException(drawn);
        }));

        // A handler that throws a response away, or reads the body before it connects, leaves the client no way to know more: there it may doubt.
        // And a handler's TimeoutException is a timeout.
        var contradictions = run.Disagreements().Where(words =>
            !words.Contains("got a good response, and failed", StringComparison.Ordinal) && !words.Contains("is reported as uncertain", StringComparison.Ordinal)
            && !words.Contains("timed out, and not by its clock", StringComparison.Ordinal)).ToArray();
        await TestContext.Out.WriteLineAsync($"{_calls} calls, seed {Seed}: the handlers threw {before} times before and {after} times after a request, {contradictions.Length} contradictions");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(contradictions, Is.Empty, $"seed {Seed}");
            Assert.That((run.Strays, before > _calls / 20, after > _calls / 40), Is.EqualTo((0, true, true)));
        }
    }

    private static Exception AnyException(int drawn) => (drawn % 5) switch
    {
        0 => new TimeoutException(),
        1 => new InvalidOperationException(),
        2 => new OperationCanceledException(),
        3 => new IOException(),
        _ => new NotSupportedException(),
    };

    /// <summary>Calls that all go well would prove nothing.</summary>
    private static void CheckThatItWasHard(AgreementRun run)
    {
        var sends = run.Calls.Where(call => !call.Plan.IsRead).ToArray();
        var faults = run.Calls.SelectMany(call => call.Requests).Count(request => request.Fault is not null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Calls, Has.Count.EqualTo(_calls));
            Assert.That((double)faults / run.Calls.Sum(call => call.Requests.Count), Is.EqualTo(AgreementRun.FaultRate).Within(0.03));
            Assert.That(
                sends.Select(call => (call.Word, call.InChats)),
                Is.SupersetOf([(Word.Returned, 1), (Word.NotSent, 0), (Word.MayHaveBeenSent, 1), (Word.MayHaveBeenSent, 0)]));
            Assert.That(sends, Has.Some.Matches<ComparedCall>(call => call is { Plan.Obstacle: Obstacle.Timeout, WasEnded: true, Word: Word.NotSent }));
            Assert.That(sends, Has.Some.Matches<ComparedCall>(call => call is { Exception: ChatsCanceledException, InChats: 1 }));
            Assert.That(run.Calls.Select(call => call.Fate), Is.SupersetOf(
            [
                .. ChatsFault.All.Concat([ChatsFault.Stall, ChatsFault.Stall.AfterDelivery(), ChatsFault.SlowDrip]).Select(fault => $"{fault}"),
                "responded 200", "responded 401", "responded 403", "responded 404", "responded 420, at once", "responded 420, this hour", "nobody listens",
            ]));
        }
    }
}
