namespace YandexMarket.Chats.Responder.Tests;

/// <summary>Which failures count against a message, which do not, and what a responder or a callback that hangs must not stop.</summary>
public sealed class FailureTests
{
    [TestCase("ignores its token")]
    [TestCase("obeys its token")]
    [TestCase("blocks its thread")]
    public async Task A_responder_that_hangs_has_failed_after_its_timeout(string how)
    {
        using var end = new ManualResetEvent(false);
        await using var stage = await Stage.StartedAsync(options => (options.MaxFailures, options.MaxConcurrency) = (how == "blocks its thread" ? 1 : 2, 2));
        stage.Respond = async (message, token) =>
        {
            if (message.Message.MessageId < 20)
            {
                _ = how != "blocks its thread" || end.WaitOne();
                await Task.Delay(Timeout.Infinite, how == "obeys its token" ? token : CancellationToken.None);
            }

            return "Fine.";
        };
        await stage.ReceiveAsync(10, chat: 10);
        await stage.ReceiveAsync(11, chat: 11);
        await stage.ReceiveAsync(20, chat: 20);
        await stage.UntilAsync(20, Sent, isAbandoned: true);
        await stage.UntilAsync(10, NeedsAttention, isAbandoned: true);

        Assert.That((await stage.RowAsync(10)).LastFailure, Is.EqualTo("The responder did not return within 00:02:00."));
        end.Set();
    }

    [TestCase("throws", nameof(InvalidOperationException))]
    [TestCase("times out", nameof(TaskCanceledException), Description = "A timeout of its own, such as that of an HttpClient.")]
    [TestCase(" ", "white space")]
    [TestCase("too long", "4097 characters")]
    [TestCase("half an emoji", "surrogate")]
    [TestCase("Zero: \0", "U+0000")]
    [TestCase("is rejected", nameof(ChatsApiException))]
    public async Task A_message_that_always_fails_needs_a_human_and_does_not_block_others(string how, string reason)
    {
        var called = new TaskCompletionSource<ChatsAttentionItem>();
        await using var stage = await Stage.StartedAsync(options =>
        {
            options.MaxFailures = 3;
            options.AttentionNeeded = (item, _) =>
            {
                called.SetResult(item);
                throw new InvalidOperationException("A callback must not disturb the worker.");
            };
        });
        stage.Respond = (message, _) => message.Message.MessageId != 10 ? Task.FromResult<string?>("Fine.") : how switch
        {
            "throws" => throw new InvalidOperationException("secret text"),
            "times out" => throw new TaskCanceledException("secret text"),
            "too long" => Task.FromResult<string?>(new string('x', 4097)),
            "half an emoji" => Task.FromResult<string?>("Cut: \uD83D"),
            _ => Task.FromResult<string?>(how),
        };
        stage.Client.OnSend = (message, _) => message.Text == "is rejected" ? throw FakeClient.Rejected() : Task.CompletedTask;
        await stage.ReceiveAsync(10);
        await stage.ReceiveAsync(11);
        await stage.UntilAsync(10, NeedsAttention);
        await stage.UntilAsync(11, Sent);

        var item = (await stage.Inbox.ListAsync()).Single();
        Assert.That(item.Reason, Does.Contain(reason).And.Not.Contain("secret"));
        Assert.That((item.MayHaveBeenSent, item.ReplyText), Is.EqualTo((false, how == "is rejected" ? how : null)), "Only what can be sent is stored.");
        Assert.That((await called.Task.WaitAsync(Until.Timeout)).ReplyText, Is.EqualTo(item.ReplyText));
        Assert.That(await stage.RowAsync(10), Has.Property(nameof(MessageRow.SendStartedAt)).Null.And.Property(nameof(MessageRow.Failures)).EqualTo(3));
    }

    [Test]
    public async Task A_failed_read_with_another_cause_does_not_count_but_is_not_retried_forever()
    {
        ChatsException[] own = [Response(400, "Bad."), Response(404, "Can't find message by id: '10' for chat '2'")];
        ChatsException[] failures =
        [
            .. own,
            .. new[] { 302, 401, 403, 404, 405, 407, 415, 500 }.Select(status => Response(status)),
            Response(404, "Resource not found"),
            new ChatsResponseException("HTML.", ChatsOperations.GetChatMessage, mayHaveBeenSent: false, 200),
            new ChatsApiKeyException("None.", ChatsOperations.GetChatMessage),
        ];
        await using var stage = await Stage.StartedAsync(options => (options.MaxFailures, options.MaxAttempts) = (1, 8));
        var once = 0;
        stage.Client.OnRead = id => id < failures.Length ? throw failures[id]
            : id == 98 && ++once == 1 ? throw new ChatsConnectionException("Cut.", ChatsOperations.GetChatMessage, mayHaveBeenSent: false)
            : Task.CompletedTask;
        for (var id = 0; id < failures.Length; id++)
        {
            await stage.ReceiveAsync(id, chat: 1 + id);
        }

        await stage.ReceiveAsync(98);
        await stage.ReceiveAsync(99);
        for (var id = 0; id < failures.Length; id++)
        {
            await stage.UntilAsync(id, NeedsAttention);
            var row = await stage.RowAsync(id);

            Assert.That((row.Failures, row.Attempts), Is.EqualTo(id < own.Length ? (1, 1) : (0, 8)), $"{failures[id].Message} {row.LastFailure}");
        }

        await stage.UntilAsync(98, Sent);
        await stage.UntilAsync(99, Sent);
    }

    [Test]
    public async Task A_stored_text_that_the_client_would_reject_is_found_before_its_send()
    {
        await using var stage = await Stage.MigratedAsync(options => options.MaxFailures = 1);
        var row = await stage.ClaimedAsync(10);
        await stage.Store.BeginSendAsync(row, new string('x', 4097), CancellationToken.None);
        await stage.Store.ReleaseAsync(row, isCustomers: true, CancellationToken.None);
        await stage.StartAsync();
        await stage.UntilAsync(10, NeedsAttention);

        Assert.That((await stage.Inbox.ListAsync()).Single().MayHaveBeenSent, Is.False);
        Assert.That(stage.Client.Sent, Is.Empty);
    }

    [Test]
    public async Task A_hanging_callback_does_not_cost_a_message_its_lease()
    {
        var called = new TaskCompletionSource();
        await using var stage = await DoubtTests.InDoubtAsync(options =>
        {
            options.LeaseDuration = options.DoubtTimeout = TimeSpan.FromMinutes(1);
            options.AttentionNeeded = (_, _) =>
            {
                called.TrySetResult();
                return new TaskCompletionSource().Task;
            };
        });
        var composing = new TaskCompletionSource<string?>();
        stage.Respond = (_, token) => composing.Task.WaitAsync(token);
        stage.Client.OnSend = (_, _) => Task.CompletedTask;
        await stage.UntilAsync(() => Task.FromResult(called.Task.IsCompleted));
        await stage.ReceiveAsync(11, chat: 11);
        await stage.UntilAsync(11, Answering);
        var lease = (await stage.RowAsync(11)).LeaseUntil;
        stage.Clock.Advance(TimeSpan.FromSeconds(16)); // A quarter of the lease, and a second.
        await stage.UntilAsync(async () => (await stage.RowAsync(11)).LeaseUntil > lease, () => "The lease is not renewed.");
        composing.SetResult("Fine.");
        await stage.UntilAsync(11, Sent);

        Assert.That((await stage.RowAsync(11)).Failures, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_callback_that_hangs_delays_neither_the_gauge_nor_other_callbacks(bool blocks)
    {
        using var end = new ManualResetEvent(false);
        var called = 0;
        await using var stage = await Stage.StartedAsync(options => options.AttentionNeeded = (_, _) =>
        {
            Interlocked.Increment(ref called);
            _ = !blocks || end.WaitOne();
            return new TaskCompletionSource().Task;
        });
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        await stage.ReceiveAsync(10, chat: 10);
        await stage.ReceiveAsync(11, chat: 11);
        await stage.UntilAsync(10, InDoubt);
        await stage.UntilAsync(11, InDoubt);
        stage.Clock.Advance(TimeSpan.FromMinutes(11)); // Both expire in one round.
        await stage.UntilAsync(() => Task.FromResult(called > 0));

        // The clock stands still now, so the first callback does not end.
        await Until.TrueAsync(() => called == 2 && OperationTests.Gauge(stage) == 2);
        end.Set();
    }

    [TestCase(null, 2, 2, 2)]
    [TestCase(ServiceLifetime.Scoped, 2, 2, 2)]
    [TestCase(ServiceLifetime.Transient, 2, 2, 2)]
    [TestCase(ServiceLifetime.Singleton, 1, 0, 1)]
    public async Task A_responder_is_disposed_once_at_the_end_of_its_lifetime(ServiceLifetime? lifetime, int created, int disposed, int disposedAtTheEnd)
    {
        var stage = await Stage.StartedAsync(lifetime: lifetime);
        await using (stage)
        {
            await stage.HandleAsync(10, Sent);
            await stage.HandleAsync(11, Sent);

            Assert.That(stage.Responders, Is.EqualTo((created, disposed)));
        }

        Assert.That(stage.Responders, Is.EqualTo((created, disposedAtTheEnd)));
    }

    private static ChatsApiException Response(int status, string? reason = null) => new(
        "No.", ChatsOperations.GetChatMessage, mayHaveBeenSent: false, status, reason is null ? null : [new ApiError { Code = "CODE", Message = reason }]);
}
