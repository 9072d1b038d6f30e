namespace YandexMarket.Chats.Responder.Tests;

/// <summary>The way of a message from its notification to its final state, and the tables of docs/responder.md.</summary>
public sealed class TransitionTests
{
    [Test]
    public async Task A_message_that_no_buyer_wrote_or_that_the_responder_skips_gets_no_reply()
    {
        await using var stage = await Stage.StartedAsync();
        stage.Respond = (message, _) => Task.FromResult(message.Message.Sender == ChatMessageSender.Customer ? null : "a reply");
        foreach (var sender in Enum.GetValues<ChatMessageSender>())
        {
            await stage.ReceiveAsync(10 + (int)sender, "Hello", chat: (int)sender, from: sender);
        }

        await stage.UntilAllAsync(Enum.GetValues<ChatMessageSender>().Select(sender => 10 + (int)sender), NoReply);

        Assert.That(stage.Client.Sent, Is.Empty);
    }

    [TestCase(1, 20, 20)]
    [TestCase(1, 24 * 60, 60, Description = "The service's quotas are hourly.")]
    [TestCase(12, null, 10, Description = "More than MaxFailures, but such failures do not count.")]
    public async Task A_send_that_certainly_failed_is_retried_after_the_delay_that_the_service_asks_for(int failures, int? asksFor, int minutes)
    {
        await using var stage = await Stage.StartedAsync();
        var (asked, composed) = (0, 0);
        var start = stage.Clock.GetUtcNow();
        stage.Client.OnSend = (_, _) => ++asked <= failures ? throw FakeClient.Unsent(asksFor is { } pause ? TimeSpan.FromMinutes(pause) : null) : Task.CompletedTask;
        stage.Respond = (_, _) => Task.FromResult<string?>($"Text {++composed}");
        await stage.HandleAsync(10, Sent);

        Assert.That(stage.Clock.GetUtcNow() - start, Is.InRange(TimeSpan.FromMinutes(minutes), TimeSpan.FromMinutes(minutes * 12)));
        Assert.That((asked, composed), Is.EqualTo((failures + 1, 1)), "The stored text is sent; it is not composed again.");
        Assert.That(stage.Client.Sent, Is.EqualTo(new[] { (Stage.Chat, "Text 1") }));
    }

    [TestCase(0, null, 0.8, 1.2)]
    [TestCase(30, null, 240, 360)]
    [TestCase(0, 10, 10, 12)]
    [TestCase(0, 3600, 3600, 3660)]
    [TestCase(0, 86400, 3600, 3660, Description = "The service's quotas are hourly.")]
    [TestCase(30, 290, 290, 360)]
    public void The_delay_of_a_message_varies_and_is_never_shorter_than_what_the_service_asks_for(int attempts, int? asked, double least, double most)
    {
        var options = new ChatsResponderOptions();
        var delays = Enumerable.Range(0, 1000)
            .Select(_ => options.DelayAfter(attempts, asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null).TotalSeconds).ToList();

        Assert.That(delays, Is.All.InRange(least, most));
        Assert.That(delays.Distinct().Count(), Is.GreaterThan(900), "A backlog must not become due in the same millisecond.");
    }

    [TestCase(0, 1)]
    [TestCase(2, 4)]
    [TestCase(3, 8)]
    [TestCase(int.MaxValue, 8)]
    public void The_database_has_delays_of_its_own(int failures, int seconds) => Assert.That(
        Enumerable.Range(0, 1000).Select(_ => ResponderDatabase.DelayAfter(failures).TotalSeconds), Is.All.InRange(0.8 * seconds, seconds));

    [Test]
    public async Task Messages_of_a_chat_are_answered_once_and_in_order_and_chats_in_parallel_by_all_processes()
    {
        await using var stage = await Stage.StartedAsync(options => options.MaxConcurrency = 2);
        await Stage.WorkerOf(stage.Build()).StartAsync(CancellationToken.None);
        var (underWay, most) = (0, 0);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Client.OnSend = async (_, token) =>
        {
            // The first sends end only when each of the two workers sends two texts.
            var now = Interlocked.Increment(ref underWay);
            most = Math.Max(most, now);
            if (now == 4)
            {
                all.TrySetResult();
            }

            await all.Task.WaitAsync(Until.Timeout, token);
            Interlocked.Decrement(ref underWay);
        };
        for (var id = 10; id < 60; id++)
        {
            await stage.ReceiveAsync(id, $"{id}", chat: id % 7);
            await stage.NotifyAsync(id - (id % 10), chat: (id - (id % 10)) % 7); // A duplicate, soon or late.
        }

        await stage.UntilAllAsync(Enumerable.Range(10, 50), Sent);
        await stage.NotifyAsync(10, chat: 3);
        await stage.HandleAsync(60, Sent, "60");

        Assert.That(most, Is.EqualTo(4));
        Assert.That(
            stage.Client.Sent.OrderBy(it => it.ChatId), // It is stable.
            Is.EqualTo(Enumerable.Range(10, 51).Select(id => (Chat: id == 60 ? Stage.Chat : id % 7, Text: $"re: {id}")).OrderBy(it => it.Chat)));
    }

    [Test]
    public async Task Of_each_chat_one_message_at_a_time_is_claimed()
    {
        await using var stage = await Stage.MigratedAsync();
        await stage.ReceiveAsync(10);
        await stage.ReceiveAsync(11);
        await stage.ReceiveAsync(12, chat: 12);

        Assert.That((await stage.Store.ClaimAsync(8, CancellationToken.None)).Select(row => row.MessageId), Is.EquivalentTo([10L, 12L]));
        Assert.That(await stage.Store.ClaimAsync(8, CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task A_process_claims_no_more_messages_than_it_may_handle_in_parallel()
    {
        await using var stage = await Stage.MigratedAsync(options => options.MaxConcurrency = 2);
        var (handled, end) = (0, new TaskCompletionSource());
        stage.Client.OnSend = (_, _) =>
        {
            Interlocked.Increment(ref handled);
            return end.Task;
        };
        for (var id = 1; id <= 3; id++)
        {
            await stage.ReceiveAsync(id, chat: id);
        }

        await stage.StartAsync();
        await stage.UntilAsync(() => Task.FromResult(Volatile.Read(ref handled) == 2));
        var third = (await stage.RowAsync(3)).State;
        end.SetResult();
        await stage.UntilAllAsync([1, 2, 3], Sent);

        Assert.That(third, Is.EqualTo(Received));
    }

    private static readonly (Transition Transition, bool IsWorkers, Func<MessageStore, MessageRow, Task<bool>> Change)[] _changes =
    [
        (Transition.BeginSend, true, (store, row) => store.BeginSendAsync(row, "x", CancellationToken.None)),
        (Transition.Confirm, true, (store, row) => store.ConfirmAsync(row, CancellationToken.None)),
        (Transition.Finish, true, (store, row) => store.FinishAsync(row, CancellationToken.None)),
        (Transition.Release, true, (store, row) => store.ReleaseAsync(row, CancellationToken.None)),
        (Transition.Retry, true, (store, row) => store.FailAsync(row, new("No.", IsTransient: true), CancellationToken.None)),
        (Transition.GiveUp, true, (store, row) => store.FailAsync(row, new("No.", IsTransient: false), CancellationToken.None)),
        (Transition.Doubt, true, (store, row) => store.DoubtAsync(row, "Cut.", CancellationToken.None)),
        (Transition.MarkAsSent, false, (store, row) => store.MarkAsSentAsync(row.BusinessId, row.ChatId, row.MessageId)),
        (Transition.SendAgain, false, (store, row) => store.SendAgainAsync(row.BusinessId, row.ChatId, row.MessageId)),
        (Transition.Drop, false, (store, row) => store.DropAsync(row.BusinessId, row.ChatId, row.MessageId)),
    ];

    [Test]
    public async Task A_change_succeeds_only_from_the_states_of_its_transition_and_a_workers_only_with_its_lease()
    {
        await using var stage = await Stage.MigratedAsync(options => options.MaxFailures = 1);
        foreach (var (transition, isWorkers, change) in _changes)
        {
            foreach (var (state, isHeld) in Enum.GetValues<MessageState>().SelectMany(state => new[] { (state, true), (state, false) }))
            {
                var row = await stage.ClaimedAsync(10);
                await stage.ExecuteAsync($"UPDATE ChatsMessages SET State = '{state}'{(isHeld ? "" : ", LeaseToken = '00000000-0000-0000-0000-000000000000'")}");
                var isAllowed = transition.From.Contains(state) && (isHeld || !isWorkers);
                var result = await change(stage.Store, row);

                Assert.That(
                    (result, await stage.StateAsync(10)),
                    Is.EqualTo((isAllowed, isAllowed ? transition.To : state)), $"{transition} {state} {isHeld}");
                await stage.ExecuteAsync("DELETE FROM ChatsMessages");
            }
        }
    }

    [Test]
    public void The_transitions_of_the_page() => Assert.That(Pages.Read("docs/responder.md").Table("transition").Select(row => string.Join(" | ", row)), Is.EqualTo(typeof(Transition).GetFields().Select(field => (field.Name, Transition: (Transition)field.GetValue(null)!)).Select(it =>
        $"{it.Name} | {(it.Transition.From.Count == 0 ? "none" : string.Join(", ", it.Transition.From.Select(state => $"`{state}`")))} | `{it.Transition.To}` | {it.Transition.When}")));

    [Test]
    public void The_options_of_the_page_and_their_defaults() => OptionTable.Check("docs/responder.md", new ChatsResponderOptions());
}
