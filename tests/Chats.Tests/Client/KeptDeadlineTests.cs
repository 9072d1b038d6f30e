using YandexMarket.Chats.Tests.Faults;
using YandexMarket.Chats.Tests.Support;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats.Tests.Client;

/// <summary>
/// A thread keeps the deadline of a call for its next one: nothing of the first may reach the second. The calls stay on one thread from end to
/// end.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed class KeptDeadlineTests
{
    [Test]
    public void Not_the_cancellation_by_the_caller([Values] bool read)
    {
        using var caller = new CancellationTokenSource();
        var seen = new List<CancellationToken>();
        using var client = Over(new AnswerHandler((_, cancellation) =>
        {
            seen.Add(cancellation);
            if (seen.Count == 1)
            {
                caller.Cancel();
                throw new OperationCanceledException(cancellation);
            }

            return Good();
        }));

        var canceled = client.CallAsync(read, caller.Token);
        Assert.That(canceled.IsCanceled);
        AtOnce(client.CallAsync(read));

        Assert.That(seen.Select(token => token.IsCancellationRequested), Is.EqualTo([true, false]));
    }

    [Test]
    public void Not_a_cancellation_that_comes_after_the_call([Values] bool read)
    {
        using var caller = new CancellationTokenSource();
        using var client = Over(new AnswerHandler((_, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            return Good();
        }));

        AtOnce(client.CallAsync(read, caller.Token));
        caller.Cancel();

        AtOnce(client.CallAsync(read));
    }

    [Test]
    public void Not_the_end_of_the_client_that_was_called_before([Values] bool read)
    {
        var first = Over(new AnswerHandler());
        using var second = Over(new AnswerHandler());
        AtOnce(first.CallAsync(read));

        first.Dispose();

        AtOnce(second.CallAsync(read));
        AtOnce(second.CallAsync(read));
    }

    [Test]
    public void Not_the_end_of_another_client_while_the_call_is_under_way([Values] bool read)
    {
        var first = Over(new AnswerHandler());
        var wasEnded = new List<bool>();
        ChatsClient? second = null;
        second = Over(new AnswerHandler((_, cancellation) =>
        {
            first.Dispose();
            wasEnded.Add(cancellation.IsCancellationRequested);
            second!.Dispose();
            wasEnded.Add(cancellation.IsCancellationRequested);
            throw new OperationCanceledException(cancellation);
        }));
        AtOnce(first.CallAsync(read));

        var call = second.CallAsync(read);

        Assert.That(call.Exception!.InnerException, Is.TypeOf<ChatsConnectionException>());
        Assert.That(wasEnded, Is.EqualTo([false, true]));
    }

    [Test]
    public void Not_that_of_a_call_inside_another_one([Values] bool read)
    {
        using var caller = new CancellationTokenSource();
        using var inner = Over(new AnswerHandler((_, cancellation) =>
        {
            caller.Cancel();
            throw new OperationCanceledException(cancellation);
        }));
        var wasEnded = new List<bool>();
        using var outer = Over(new AnswerHandler((_, cancellation) =>
        {
            Assert.That(inner.CallAsync(read, caller.Token).IsCanceled);
            wasEnded.Add(cancellation.IsCancellationRequested);
            return Good();
        }));

        for (var call = 0; call < 3; call++)
        {
            AtOnce(outer.CallAsync(read));
        }

        Assert.That(wasEnded, Is.EqualTo([false, false, false]));
    }

    /// <summary>What is disposed cannot be ended: the clock would meet an exception.</summary>
    [Test]
    public async Task Not_a_time_that_is_over_just_as_the_call_ends()
    {
        var clock = new ManualClock();
        var isOver = false;
        var time = Task.Run(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                clock.Advance(TimeSpan.FromMilliseconds(1));
            }
        });
        var random = new Random(5);
        var (ended, inTime) = (0, 0);
        for (var call = 0; call < 20_000; call++)
        {
            using var deadline = Deadline.Start(TimeSpan.FromMilliseconds(random.Next(1, 4)), clock, CancellationToken.None);
            Thread.SpinWait(random.Next(400));
            _ = deadline.IsOver ? ended++ : inTime++;
        }

        Volatile.Write(ref isOver, true);
        await time;
        Assert.That((ended, inTime), Is.Not.EqualTo((0, 20_000)).And.Not.EqualTo((20_000, 0)), "Both were seen.");
    }

    private static ChatsClient Over(HttpMessageHandler handler) =>
        ChatsClient.Over(handler, Clients.Options(new Uri("https://example.org/v2/"), change: null));

    private static Task<HttpResponseMessage> Good() => Task.FromResult(AnswerHandler.Json(
        """{"status":"OK","result":{"messageId":1,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}"""));

    private static void AtOnce(Task call)
    {
        Assert.That(call.IsCompleted, "The call left its thread.");
        call.GetAwaiter().GetResult();
    }
}
