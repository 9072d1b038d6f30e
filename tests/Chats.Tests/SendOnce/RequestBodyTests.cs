namespace YandexMarket.Chats.Tests.SendOnce;

/// <summary>The body of a send gives its bytes once, and remembers whether anybody asked for them.</summary>
public sealed class RequestBodyTests
{
    [Test]
    public async Task Of_two_concurrent_attempts_only_one_reads_or_passes([Values] bool passes)
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
        using var body = new RequestBody(("message", "text"));

        await Assert.CatchAsync(() => body.CopyToAsync(new MemoryStream([], writable: false)));

        Assert.That(body.Mark.WasRead);
    }
}
