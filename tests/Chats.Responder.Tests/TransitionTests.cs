namespace YandexMarket.Chats.Responder.Tests;

/// <summary>The way of a message from its notification to its final state, and the tables of docs/responder.md.</summary>
public sealed class TransitionTests
{
    [Test]
    public async Task A_buyers_message_gets_one_reply_even_with_duplicate_notifications()
    {
        await using var stage = await Stage.StartedAsync();
        await stage.ReceiveAsync(10);
        await stage.NotifyAsync(10);
        await stage.UntilAsync(10, Sent);
        await stage.NotifyAsync(10);
        await stage.HandleAsync(11, Sent, "And now?");

        Assert.That(stage.Client.Sent, Is.EqualTo(new[] { (Stage.Chat, "re: Where is it?"), (Stage.Chat, "re: And now?") }));
        Assert.That(await stage.RowAsync(10), Has.Property(nameof(MessageRow.Answer)).EqualTo("re: Where is it?"));
    }

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

    [TestCase(1)]
    [TestCase(10)]
    public async Task A_rejected_text_finally_needs_a_human(int failures)
    {
        List<ChatsAttentionItem> called = [];
        await using var stage = await Stage.StartedAsync(options =>
        {
            options.MaxFailures = failures;
            options.AttentionNeeded = (item, _) =>
            {
                called.Add(item);
                throw new InvalidOperationException("A callback must not disturb the worker.");
            };
        });
        stage.Client.OnSend = (_, _) => throw FakeClient.Rejected();
        await stage.HandleAsync(10, NeedsAttention);

        var item = (await stage.Inbox.ListAsync()).Single();
        Assert.That((item.MessageId, item.MayHaveBeenSent, item.ReplyText), Is.EqualTo((10L, false, "re: Where is it?")));
        await stage.UntilAsync(() => Task.FromResult(called.Count > 0));
        Assert.That(called.Select(it => (it.MessageId, it.ReplyText)), Is.EqualTo(new[] { (10L, "re: Where is it?") }));
        Assert.That((await stage.RowAsync(10)).Failures, Is.EqualTo(failures));
    }

    [Test]
    public async Task Messages_of_a_chat_are_handled_one_after_another_and_chats_in_parallel()
    {
        await using var stage = await Stage.StartedAsync();
        var (underWay, most) = (0, 0);
        var bothChats = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Client.OnSend = async (_, token) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref underWay));
            if (underWay == 2)
            {
                bothChats.TrySetResult();
            }

            await bothChats.Task.WaitAsync(TimeSpan.FromSeconds(30), token);
            Interlocked.Decrement(ref underWay);
        };
        for (var id = 10; id < 20; id++)
        {
            await stage.ReceiveAsync(id, $"{id}", chat: Stage.Chat + (id % 2));
        }

        await stage.UntilAllAsync(Enumerable.Range(10, 10), Sent);

        Assert.That(most, Is.EqualTo(2));
        Assert.That(stage.Client.Sent.Where(it => it.ChatId == Stage.Chat).Select(it => it.Text), Is.EqualTo(["re: 10", "re: 12", "re: 14", "re: 16", "re: 18"]));
    }

    [Test]
    public async Task The_migrations_create_the_schema_of_the_model()
    {
        await using var stage = await Stage.StartedAsync();
        await using var other = new Stage();
        await using (var context = await other.Services.GetRequiredService<IDbContextFactory<ResponderContext>>().CreateDbContextAsync())
        {
            await context.Database.EnsureCreatedAsync();
        }

        Assert.That(await SchemaAsync(stage), Is.EqualTo(await SchemaAsync(other)).And.Not.Empty);

        static async Task<List<string>> SchemaAsync(Stage stage)
        {
            await using var context = await stage.Services.GetRequiredService<IDbContextFactory<ResponderContext>>().CreateDbContextAsync();
            return await context.Database.SqlQueryRaw<string>("SELECT sql AS Value FROM sqlite_master WHERE tbl_name = 'ChatsMessages' AND sql IS NOT NULL ORDER BY name").ToListAsync();
        }
    }

    [Test]
    public void The_transitions_of_the_page() => Assert.That(Pages.Read("docs/responder.md").Table("transition").Select(row => string.Join(" | ", row)), Is.EqualTo(typeof(Transition).GetFields().Select(field => (field.Name, Transition: (Transition)field.GetValue(null)!)).Select(it =>
        $"{it.Name} | {(it.Transition.From.Count == 0 ? "none" : string.Join(", ", it.Transition.From.Select(state => $"`{state}`")))} | `{it.Transition.To}` | {it.Transition.When}")));

    [Test]
    public void The_options_of_the_page_and_their_defaults() => OptionTable.Check("docs/responder.md", new ChatsResponderOptions());
}
