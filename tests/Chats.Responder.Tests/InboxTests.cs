namespace YandexMarket.Chats.Responder.Tests;

/// <summary>What a human can do with <see cref="IChatsResponderInbox"/>.</summary>
public sealed class InboxTests
{
    [Test]
    public async Task It_lists_messages_that_need_a_human_and_marks_them_as_sent_drops_them_or_sends_their_stored_texts_again()
    {
        await using var stage = await Stage.StartedAsync();
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        foreach (var id in new[] { 10, 11, 12 })
        {
            await stage.ReceiveAsync(id, $"{id}?", chat: id);
        }

        await stage.UntilAllAsync([10, 11, 12], NeedsAttention);

        var item = (await stage.Inbox.ListAsync()).Single(item => item.MessageId == 10);
        Assert.That((item.BusinessId, item.ChatId, item.Answer, item.MayHaveBeenSent), Is.EqualTo((Stage.Business, 10L, "re: 10?", true)));
        Assert.That(item.ToString(), Does.Not.Contain(item.Answer!));
        stage.Client.OnSend = (_, _) => Task.CompletedTask;
        stage.Respond = (_, _) => Task.FromResult<string?>("another text");

        Assert.That(await stage.Inbox.MarkAsSentAsync(Stage.Business, 10, 10), Is.True);
        Assert.That(await stage.Inbox.DropAsync(Stage.Business, 11, 11), Is.True);
        Assert.That(await stage.Inbox.SendAgainAsync(Stage.Business, 12, 12), Is.True);
        Assert.That(await stage.Inbox.ListAsync(), Is.Empty);
        await stage.UntilAsync(12, Sent);
        Assert.That((await stage.StateAsync(10), await stage.StateAsync(11)), Is.EqualTo((Sent, NoReply)));
        Assert.That(stage.Client.Sent, Is.EqualTo(new[] { (12L, "re: 12?") }));

        // None of them needs a human any more.
        Assert.That(await stage.Inbox.MarkAsSentAsync(Stage.Business, 11, 11), Is.False);
        Assert.That(await stage.Inbox.DropAsync(Stage.Business, 12, 12), Is.False);
        Assert.That(await stage.Inbox.SendAgainAsync(Stage.Business, 10, 10), Is.False);
        Assert.That(() => stage.Inbox.ListAsync(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task A_slow_worker_cannot_change_what_the_human_decided()
    {
        await using var stage = await Stage.MigratedAsync(options => options.DoubtTimeout = TimeSpan.FromMinutes(1));
        var slow = await stage.ClaimedAsync(10);
        await stage.Store.BeginSendAsync(slow, "x", CancellationToken.None);
        await stage.StartAsync();
        await stage.UntilAsync(10, NeedsAttention, isAbandoned: true);
        await stage.Inbox.DropAsync(Stage.Business, Stage.Chat, 10);

        Assert.That(await stage.Store.ConfirmAsync(slow, CancellationToken.None), Is.False);
        Assert.That(await stage.Store.FailAsync(slow, new("x", true), CancellationToken.None), Is.False);
        Assert.That(await stage.StateAsync(10), Is.EqualTo(NoReply));
    }
}
