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

    [Test]
    public async Task What_the_client_reports_is_what_happened()
    {
        using var unobserved = new UnobservedExceptions();
        using var run = new AgreementRun(Seeds.Seed, _calls);

        await run.PlayAsync();

        await TestContext.Out.WriteLineAsync($"{_calls} calls, {AgreementRun.AtOnce} at once, seed {Seeds.Seed}: {string.Join(", ", run.Calls.CountBy(call => call.Word))}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Calls.SelectMany(call => call.Disagreements()), Is.Empty, $"seed {Seeds.Seed}");
            Assert.That(run.Strays, Is.Zero, "texts in a chat to which nobody sent them");
            CheckThatItWasHard(run.Calls);
        }

        unobserved.AssertNone();
    }

    [Test]
    public async Task With_handlers_that_throw_it_reports_nothing_wrong()
    {
        var (random, before, after) = (new Random(Seeds.Seed), 0, 0);
        using var run = new AgreementRun(Seeds.Seed, _calls, network => new ForeignHandler(async (request, next, cancellationToken) =>
        {
            int drawn;
            lock (random)
            {
                drawn = random.Next(100);
            }

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
        })
        {
            InnerHandler = network,
        });

        await run.PlayAsync();

        // A handler that throws a response away, or reads the body before it connects, leaves the client no way to know more: there it may doubt.
        // And a handler's TimeoutException is a timeout.
        var contradictions = run.Calls.SelectMany(call => call.Disagreements()).Where(words =>
            !words.Contains("got a good response, and failed", StringComparison.Ordinal) && !words.Contains("is reported as uncertain", StringComparison.Ordinal)
            && !words.Contains("timed out, and not by its clock", StringComparison.Ordinal)).ToArray();
        await TestContext.Out.WriteLineAsync($"{_calls} calls: the handlers threw {before} times before and {after} times after a request.");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(contradictions, Is.Empty, $"seed {Seeds.Seed}");
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
    private static void CheckThatItWasHard(IReadOnlyList<AgreementCall> calls)
    {
        var sends = calls.Where(call => !call.IsRead).ToArray();
        var requests = calls.SelectMany(call => call.Requests).ToArray();
        Assert.That((double)requests.Count(request => request.Fault is not null) / requests.Length, Is.EqualTo(AgreementRun.FaultRate).Within(0.03));
        Assert.That(
            sends.Select(call => (call.Word, call.InChats)),
            Is.SupersetOf([(Word.Returned, 1), (Word.NotSent, 0), (Word.MayHaveBeenSent, 1), (Word.MayHaveBeenSent, 0)]));
        Assert.That(sends, Has.Some.Matches<AgreementCall>(call => call is { Obstacle: Obstacle.Timeout, WasEnded: true, Word: Word.NotSent }));
        Assert.That(sends, Has.Some.Matches<AgreementCall>(call => call is { Exception: ChatsCanceledException, InChats: 1 }));
        Assert.That(calls.Select(call => call.Fate), Is.SupersetOf(
        [
            .. ChatsFault.All.Concat([ChatsFault.Stall, ChatsFault.Stall.AfterDelivery(), ChatsFault.SlowDrip]).Select(fault => $"{fault}"),
            "responded 200", "responded 401", "responded 403", "responded 404", "responded 420, at once", "responded 420, this hour", "nobody listens",
        ]));
    }
}
