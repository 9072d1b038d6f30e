namespace YandexMarket.Chats.Responder.Tests;

/// <summary>A text that may have been sent is never sent again: proof or a human resolves the message.</summary>
public sealed class DoubtTests
{
    [TestCase("re: Something else", 0)]
    [TestCase("re: Where is it?", -60)]
    public async Task A_different_text_or_an_older_message_proves_nothing_and_finally_a_human_is_needed(string text, int secondsAfterTheSend)
    {
        List<ChatsAttentionItem> called = [];
        await using var stage = await InDoubtAsync(options => options.AttentionNeeded = (item, _) =>
        {
            called.Add(item);
            return Task.CompletedTask;
        });
        stage.Client.Add(11, ChatMessageSender.Partner, text, secondsAfterTheSend);
        await stage.NotifyAsync(11);
        await stage.UntilAsync(11, NoReply);
        Assert.That(await stage.StateAsync(10), Is.EqualTo(InDoubt));

        var start = stage.Clock.GetUtcNow();
        await stage.UntilAsync(10, NeedsAttention);

        Assert.That(stage.Clock.GetUtcNow() - start, Is.GreaterThan(TimeSpan.FromMinutes(9)));
        await stage.UntilAsync(() => Task.FromResult(called.Count > 0));
        Assert.That(called.Single().MayHaveBeenSent, Is.True);
        Assert.That((await stage.Inbox.ListAsync()).Single().Reason, Does.StartWith(nameof(ChatsConnectionException)));

        await stage.ReceiveAsync(12, "re: Where is it?", from: ChatMessageSender.Partner);
        await stage.UntilAsync(10, Sent); // Late proof counts as well.

        Assert.That(await stage.Inbox.ListAsync(), Is.Empty);
        Assert.That(stage.Client.Sent, Is.Empty);
    }

    [Test]
    public async Task One_message_proves_one_send_and_a_confirmed_one_comes_first()
    {
        await using var stage = await Stage.StartedAsync();
        stage.Respond = (_, _) => Task.FromResult<string?>("The same.");
        await stage.HandleAsync(10, Sent);
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        await stage.HandleAsync(12, InDoubt);
        await stage.ReceiveAsync(11, "The same.", from: ChatMessageSender.Partner);
        await stage.UntilAsync(11, NoReply);

        Assert.That(((await stage.RowAsync(10)).SentMessageId, await stage.StateAsync(12)), Is.EqualTo((11L, InDoubt)));

        await stage.ReceiveAsync(13, "The same.", from: ChatMessageSender.Partner);
        await stage.UntilAsync(12, Sent);
    }

    [Test]
    public async Task The_notification_of_the_shops_own_message_settles_a_doubt_for_which_later_messages_of_the_chat_wait()
    {
        await using var stage = await InDoubtAsync();
        stage.Client.OnSend = (_, _) => Task.CompletedTask;
        await stage.ReceiveAsync(11, "And?");
        await stage.UntilAsync(async () => (await stage.RowAsync(11)).IsFromCustomer);
        await stage.UntilAsync(async () => await stage.StateAsync(11) == Received);
        await stage.ReceiveAsync(12, "  re: Where is it?\n", from: ChatMessageSender.Partner);
        await stage.UntilAsync(11, Sent);
        await stage.UntilAsync(12, NoReply);

        var proven = await stage.RowAsync(10);
        Assert.That((proven.State, proven.SentMessageId), Is.EqualTo((Sent, 12L)));
        Assert.That(stage.Client.Sent.Select(it => it.Text), Is.EqualTo(["re: And?"]), "It was not sent again.");
    }

    // A decorator of the client can throw them after the send; the last one if it looks into the chat.
    private static IEnumerable<Exception> Others =>
        [new InvalidOperationException(), new ArgumentException(), new ChatsApiException("No.", ChatsOperations.GetChatMessage, mayHaveBeenSent: false, 500)];

    [TestCaseSource(nameof(Others))]
    public async Task After_any_other_exception_the_message_is_in_doubt(Exception failure)
    {
        await using var stage = await Stage.StartedAsync();
        var sent = 0;
        stage.Client.OnSend = (_, _) => ++sent > 0 ? throw failure : Task.CompletedTask;
        await stage.HandleAsync(10, InDoubt);

        Assert.That((sent, (await stage.RowAsync(10)).LastFailure), Is.EqualTo((1, failure is ChatsException ? "ChatsApiException: No." : failure.GetType().Name)));
    }

    [Test]
    public async Task A_process_without_the_lease_cannot_use_a_proof_a_second_time()
    {
        await using var stage = await Stage.MigratedAsync();
        foreach (var id in new[] { 10, 11 })
        {
            var row = await stage.ClaimedAsync(id);
            await stage.Store.BeginSendAsync(row, "The same.", CancellationToken.None);
            await stage.Store.DoubtAsync(row, "Cut.", CancellationToken.None);
        }

        var slow = await stage.ClaimedAsync(12);
        var other = await stage.TakenOverAsync();
        Task<bool> ProveAsync(MessageRow own) => stage.Store.ProveAsync(own, "The same.", stage.Clock.GetUtcNow(), CancellationToken.None);

        Assert.That((await ProveAsync(other), await ProveAsync(slow)), Is.EqualTo((true, false)));
        Assert.That((await stage.StateAsync(10), await stage.StateAsync(11), await stage.StateAsync(12)), Is.EqualTo((Sent, InDoubt, NoReply)));
    }

    [Test]
    public async Task If_a_process_dies_after_the_send_began_the_message_is_in_doubt()
    {
        await using var stage = await Stage.MigratedAsync();
        var row = await stage.ClaimedAsync(10);
        Assert.That(await stage.Store.BeginSendAsync(row, "re: Where is it?", CancellationToken.None), Is.True);
        await stage.StartAsync();
        await stage.UntilAsync(10, InDoubt, isAbandoned: true);

        Assert.That(stage.Client.Sent, Is.Empty);
        Assert.That(await stage.Store.ConfirmAsync(row, CancellationToken.None), Is.True, "It was only slow: its result still counts.");
    }

    [TestCase("freezes")]
    [TestCase("loses its lease")]
    public async Task A_process_that_stands_still_for_longer_than_its_lease_before_the_send_does_not_send(string how)
    {
        await using var stage = await Stage.MigratedAsync();
        await stage.ReceiveAsync(10);
        using var lease = new CancellationTokenSource();
        stage.OnCommand = command =>
        {
            if (command.Contains("\"Answer\" = 're:", StringComparison.Ordinal))
            {
                stage.Clock.Advance(TimeSpan.FromSeconds(how == "freezes" ? 60 : 0));
                lease.CancelAfter(how == "freezes" ? Timeout.Infinite : 0);
                _ = how == "freezes" || lease.Token.WaitHandle.WaitOne();
            }

            return null;
        };
        await stage.HandlerOf(_ => stage.Client).HandleAsync(
            (await stage.Store.ClaimAsync(1, CancellationToken.None)).Single(), lease.Token, CancellationToken.None, CancellationToken.None);

        Assert.That(stage.Client.Sent, Is.Empty);
        Assert.That(await stage.RowAsync(10), Has.Property(nameof(MessageRow.State)).EqualTo(Received).And.Property(nameof(MessageRow.SendStartedAt)).Null);
    }

    [Test]
    public async Task A_send_is_canceled_when_its_lease_ends_but_not_while_it_is_renewed()
    {
        await using var stage = await Stage.StartedAsync(options => options.LeaseDuration = TimeSpan.FromMinutes(1));
        var (sending, canceled) = (new TaskCompletionSource(), new TaskCompletionSource());
        stage.Client.OnSend = async (_, token) =>
        {
            await using var registration = token.Register(canceled.SetResult);
            sending.SetResult();
            await canceled.Task;
            throw FakeClient.Doubtful();
        };
        await stage.ReceiveAsync(10);
        await sending.Task.WaitAsync(Until.Timeout);
        for (var renewal = 0; renewal < 6; renewal++)
        {
            var until = (await stage.RowAsync(10)).LeaseUntil;
            stage.Clock.Advance(TimeSpan.FromSeconds(16)); // A quarter of the lease, and a second.
            await stage.UntilAsync(async () => (await stage.RowAsync(10)).LeaseUntil > until);
        }

        Assert.That(canceled.Task.IsCompleted, Is.False);

        stage.OnCommand = command => command.StartsWith("UPDATE", StringComparison.Ordinal) && command.Contains("SET \"LeaseUntil\"", StringComparison.Ordinal)
            ? new Microsoft.Data.Sqlite.SqliteException("disk I/O error", 10)
            : null;
        await stage.UntilAsync(() => Task.FromResult(canceled.Task.IsCompleted), isAbandoned: true);
        stage.OnCommand = _ => null;
        await stage.UntilAsync(10, InDoubt, isAbandoned: true);
    }

    [Test]
    public async Task A_message_whose_process_dies_repeatedly_needs_a_human()
    {
        await using var stage = await Stage.MigratedAsync();
        await stage.ReceiveAsync(10);
        for (var death = 0; death < 10; death++)
        {
            Assert.That(await stage.Store.ClaimAsync(8, CancellationToken.None), Has.Count.EqualTo(1));
            Assert.That(await stage.Store.ClaimAsync(8, CancellationToken.None), Is.Empty, "It has a lease.");
            stage.Clock.Advance(TimeSpan.FromSeconds(61));
        }

        await stage.StartAsync();
        await stage.UntilAsync(10, NeedsAttention);

        Assert.That(stage.Client.Reads, Is.Zero);
    }

    internal static async Task<Stage> InDoubtAsync(Action<ChatsResponderOptions>? configure = null)
    {
        var stage = await Stage.StartedAsync(configure);
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        await stage.HandleAsync(10, InDoubt);
        return stage;
    }
}
