using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

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

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_process_that_freezes_or_loses_its_lease_before_the_send_does_not_send(bool freezes)
    {
        await using var stage = await Stage.MigratedAsync();
        using var lease = new CancellationTokenSource();
        var row = await stage.ClaimedAsync(10);
        stage.OnCommand = command =>
        {
            if (!command.Contains("\"ReplyText\" = 're:", StringComparison.Ordinal))
            {
                return null;
            }

            stage.Clock.Advance(freezes ? TimeSpan.FromSeconds(60) : TimeSpan.Zero);
            lease.CancelAfter(freezes ? Timeout.Infinite : 0);
            _ = freezes || lease.Token.WaitHandle.WaitOne();
            return null;
        };
        await stage.HandlerOf(_ => stage.Client).HandleAsync(row, lease.Token, CancellationToken.None, CancellationToken.None);

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

    [Test]
    public async Task A_web_application_lists_messages_that_need_a_human_and_marks_them_as_sent_drops_them_or_sends_their_stored_texts_again()
    {
        await using var stage = await Stage.StartedAsync();
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        foreach (var id in new[] { 10, 11, 12 })
        {
            await stage.ReceiveAsync(id, $"{id}?", chat: id);
        }

        await stage.UntilAllAsync([10, 11, 12], NeedsAttention);
        stage.Client.OnSend = (_, _) => Task.CompletedTask;
        stage.Respond = (_, _) => Task.FromResult<string?>("another text");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(stage.Inbox).AddAuthorization(options =>
            options.DefaultPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build());
        await using var app = builder.Build();

        // docs/responder: Messages in doubt
        var inbox = app.MapGroup("/inbox").RequireAuthorization();
        inbox.MapGet("", (IChatsResponderInbox messages) => messages.ListAsync());

        var message = inbox.MapGroup("/{business:long}/{chat:long}/{id:long}");
        message.MapPost("/sent", (long business, long chat, long id, IChatsResponderInbox messages) => messages.MarkAsSentAsync(business, chat, id));
        message.MapPost("/again", (long business, long chat, long id, IChatsResponderInbox messages) => messages.SendAgainAsync(business, chat, id));
        message.MapPost("/drop", (long business, long chat, long id, IChatsResponderInbox messages) => messages.DropAsync(business, chat, id));
        // end

        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Assert.That(await client.GetStringAsync("inbox"), Does.Contain("\"businessId\":1,\"chatId\":10,\"messageId\":10,\"mayHaveBeenSent\":true,\"replyText\":\"re: 10?\""));
        var item = (await stage.Inbox.ListAsync())[0];
        Assert.That($"{item}", Does.Not.Contain(item.ReplyText!));
        foreach (var (action, result) in new[] { ("10/10/sent", "true"), ("11/11/drop", "true"), ("12/12/again", "true"), ("12/12/sent", "false") })
        {
            using var response = await client.PostAsync($"inbox/{Stage.Business}/{action}", null);
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(result), action);
        }

        await stage.UntilAsync(12, Sent);
        Assert.That((await stage.StateAsync(10), await stage.StateAsync(11)), Is.EqualTo((Sent, NoReply)));
        Assert.That(stage.Client.Sent, Is.EqualTo(new[] { (12L, "re: 12?") }));
        Assert.That(await stage.Inbox.ListAsync(), Is.Empty);
        Assert.That(() => stage.Inbox.ListAsync(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task After_a_clock_that_was_ahead_is_corrected_no_chat_waits_for_the_difference_and_no_text_is_sent_twice()
    {
        await using var stage = await Stage.MigratedAsync(options => options.LeaseDuration = TimeSpan.FromHours(1));
        stage.Clock.Advance(TimeSpan.FromHours(24));
        _ = await stage.ClaimedAsync(1, chat: 1);
        var sending = await stage.ClaimedAsync(2, chat: 2);
        await stage.Store.BeginSendAsync(sending, "Sending.", CancellationToken.None);
        var failed = await stage.ClaimedAsync(3, chat: 3);
        await stage.Store.FailAsync(failed, new("Later.", IsTransient: true), CancellationToken.None);
        var doubtful = await stage.ClaimedAsync(4, chat: 4);
        await stage.Store.BeginSendAsync(doubtful, "In doubt.", CancellationToken.None);
        await stage.Store.DoubtAsync(doubtful, "Cut.", CancellationToken.None);
        await stage.ReceiveAsync(5, chat: 4);

        var corrected = stage.Clock.GetUtcNow().AddHours(-24);
        stage.Clock.AdjustTime(corrected);
        await Stage.WorkerOf(stage.Build()).StartAsync(CancellationToken.None);
        foreach (var (id, state) in new[] { (1, Sent), (2, NeedsAttention), (3, Sent), (4, NeedsAttention), (5, Sent) })
        {
            await stage.UntilAsync(id, state, isAbandoned: true);
        }

        Assert.That(stage.Clock.GetUtcNow() - corrected, Is.LessThan(TimeSpan.FromHours(4)));
        Assert.That(stage.Client.Sent.Select(it => it.ChatId), Is.EquivalentTo([1, 3, 4]));
    }

    internal static async Task<Stage> InDoubtAsync(Action<ChatsResponderOptions>? configure = null)
    {
        var stage = await Stage.StartedAsync(configure);
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        await stage.HandleAsync(10, InDoubt);
        return stage;
    }
}
