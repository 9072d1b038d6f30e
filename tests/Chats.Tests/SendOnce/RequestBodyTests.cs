using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats.Tests.SendOnce;

/// <summary>The body of a send gives its bytes once, and remembers whether anybody asked for them.</summary>
public sealed class RequestBodyTests
{
    [Test]
    public async Task It_is_written_once_and_the_next_attempt_gets_another_one()
    {
        using var body = Body("text");
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        using var third = new MemoryStream();

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

    [Test]
    public async Task Another_one_knows_nothing_of_a_copy_that_was_kept_for_a_reader()
    {
        using var body = Body("text");
        await body.ReadAsStringAsync();
        using var again = body.CloneForRetry();

        await again.ReadAsStringAsync();

        Assert.That((again.Mark.WasRead, again.Mark.WasRepeated), Is.EqualTo((true, false)));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task Before_anybody_reads_it_every_attempt_may_pass_and_after_that_one(bool readFirst, bool secondPass)
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
    public async Task A_body_that_somebody_reads_after_an_attempt_passed_does_not_pass_again()
    {
        using var body = Body("text");
        var first = body.Mark.TryPass(isUnread: true);
        await body.ReadAsStringAsync();

        Assert.That((first, body.Mark.TryPass(isUnread: false)), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task Of_many_copies_that_pass_at_the_same_time_one_does()
    {
        for (var round = 0; round < 2_000; round++)
        {
            var mark = new SendMark();
            mark.TryRead();
            using var start = new Barrier(2);
            var all = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait();
                return mark.TryPass(isUnread: false);
            }));

            Assert.That((await Task.WhenAll(all)).Count(passed => passed), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Of_many_that_ask_at_once_one_gets_it()
    {
        using var body = Body("text");
        using var start = new ManualResetEventSlim();
        var all = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            using var stream = new MemoryStream();
            start.Wait();
            try
            {
                await body.CopyToAsync(stream);
            }
            catch (HttpRequestException)
            {
                // Refused: what counts is what it got.
            }

            return stream.Length;
        })).ToList();
        start.Set();

        Assert.That((await Task.WhenAll(all)).Count(length => length > 0), Is.EqualTo(1));
    }

    [Test]
    public async Task It_is_asked_even_if_the_writing_fails_at_once()
    {
        using var body = Body("text");

        await Assert.CatchAsync(() => body.CopyToAsync(new MemoryStream([], writable: false)));

        Assert.That(body.Mark.WasRead);
    }

    private static RequestBody Body(string text) => new(new SendMessageToChatRequest { Message = text });
}
