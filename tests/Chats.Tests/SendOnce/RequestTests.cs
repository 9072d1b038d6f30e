namespace YandexMarket.Chats.Tests.SendOnce;

/// <summary>The body of a send gives its bytes once, and remembers whether anybody asked for them; the request keeps things until the call ends.</summary>
public sealed class RequestTests
{
    [Test]
    public async Task Of_two_concurrent_attempts_only_one_reads_or_passes([Values] bool passes)
    {
        var bodies = Enumerable.Range(0, 5_000).Select(_ => new RequestBody(new SendMessageToChatRequest())).ToArray();
        var (arrived, allowed) = (new int[bodies.Length], new int[bodies.Length]);
        void TryAll()
        {
            for (var i = 0; i < bodies.Length; i++)
            {
                Interlocked.Increment(ref arrived[i]);
                var spin = new SpinWait();
                while (Volatile.Read(ref arrived[i]) < 2)
                {
                    spin.SpinOnce(sleep1Threshold: -1);
                }

                var isAllowed = passes ? bodies[i].TryPass(content: null) : bodies[i].TryRead(isBuffering: false);
                Interlocked.Add(ref allowed[i], isAllowed ? 1 : 0);
            }
        }

        await Task.WhenAll(Task.Run(TryAll), Task.Run(TryAll));

        Assert.That(allowed, Has.All.EqualTo(1));
    }

    [Test]
    public async Task It_counts_as_read_even_if_writing_fails_at_once()
    {
        using var body = new RequestBody(new SendMessageToChatRequest { Message = "text" });

        await Assert.CatchAsync(() => body.CopyToAsync(new MemoryStream([], writable: false)));

        Assert.That(body.WasRead);
    }

    [Test]
    public void What_a_request_keeps_is_disposed_when_replaced_when_the_call_ends_or_at_once_after_that()
    {
        MemoryStream first = new(), second = new(), late = new();
        using var timeout = new CallTimeout(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
        var request = new ChatsRequest(ChatsOperations.GetChatMessage, "https://service.example/", body: null, timeout, isTracked: true);

        request.KeepUntilEnd(first);
        request.KeepUntilEnd(second);
        var before = (first.CanRead, second.CanRead);
        request.Dispose();
        request.KeepUntilEnd(late);

        Assert.That((before, second.CanRead, late.CanRead), Is.EqualTo(((false, true), false, false)));
    }

    [Test]
    public void Two_responses_to_one_request_are_never_mixed_up()
    {
        using var timeout = new CallTimeout(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
        using var request = new ChatsRequest(ChatsOperations.SendMessageToChat, "https://service.example/", body: null, timeout, isTracked: true);
        using var refusal = new HttpResponseMessage((HttpStatusCode)420);
        using var failure = new HttpResponseMessage(HttpStatusCode.InternalServerError);

        var wrong = 0;
        Parallel.For(0, 10_000, i =>
        {
            var response = i % 2 == 0 ? refusal : failure;
            if (request.GetInfo(response).StatusCode != (int)response.StatusCode)
            {
                Interlocked.Increment(ref wrong);
            }
        });

        Assert.That(wrong, Is.Zero);
    }
}
