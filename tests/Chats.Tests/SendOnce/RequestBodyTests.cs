namespace YandexMarket.Chats.Tests.SendOnce;

/// <summary>The body of a send gives its bytes once, and remembers whether anybody asked for them.</summary>
public sealed class RequestBodyTests
{
    [Test]
    public async Task It_is_written_once_and_a_retry_gets_a_clone()
    {
        using var body = Body("text");
        using MemoryStream first = new(), second = new(), third = new();

        await body.CopyToAsync(first);
        Assert.That(body.Mark.WasRepeated, Is.False);
        await Assert.ThrowsAsync<HttpRequestException>(() => body.CopyToAsync(second));
        Assert.That(body.Mark.WasRepeated);
        using var again = body.CloneForRetry();
        Assert.That((again.Mark.WasRead, again.Mark.WasRepeated), Is.EqualTo((false, false)));
        Assert.That(again.Headers.ToString(), Is.EqualTo(body.Headers.ToString()));
        await again.CopyToAsync(third);

        Assert.That(second.Length, Is.Zero);
        Assert.That(third.ToArray(), Is.EqualTo(first.ToArray()).And.EqualTo("""{"message":"text"}"""u8.ToArray()));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task Until_it_is_read_every_attempt_may_pass_and_after_that_one(bool readFirst, bool secondPass)
    {
        using var body = Body("text");
        if (readFirst)
        {
            await body.ReadAsStringAsync();
        }

        var passes = (body.Mark.TryPass(isUnread: !readFirst), body.Mark.TryPass(isUnread: !readFirst));

        Assert.That((passes, body.Mark.WasRepeated), Is.EqualTo(((true, secondPass), !secondPass)));
    }

    [Test]
    public async Task Of_two_at_the_same_time_one_reads_or_passes([Values] bool passes)
    {
        var marks = Enumerable.Range(0, 5_000).Select(_ => new SendMark()).ToArray();
        var (arrived, allowed) = (new int[marks.Length], new int[marks.Length]);
        void TryAll()
        {
            for (var i = 0; i < marks.Length; i++)
            {
                Interlocked.Increment(ref arrived[i]);
                var spin = new SpinWait();
                while (Volatile.Read(ref arrived[i]) < 2)
                {
                    spin.SpinOnce(sleep1Threshold: -1);
                }

                var isAllowed = passes ? marks[i].TryPass(isUnread: false) : marks[i].TryRead(isBuffering: false);
                Interlocked.Add(ref allowed[i], isAllowed ? 1 : 0);
            }
        }

        await Task.WhenAll(Task.Run(TryAll), Task.Run(TryAll));

        Assert.That(allowed, Has.All.EqualTo(1));
    }

    [Test]
    public async Task It_counts_as_read_even_if_writing_fails_at_once()
    {
        using var body = Body("text");

        await Assert.CatchAsync(() => body.CopyToAsync(new MemoryStream([], writable: false)));

        Assert.That(body.Mark.WasRead);
    }

    private static RequestBody Body(string text) => new(new SendMessageToChatRequest { Message = text });
}
