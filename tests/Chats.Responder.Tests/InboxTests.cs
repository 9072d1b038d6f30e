using YandexMarket.Chats.Responder.Tests.Support;
using static YandexMarket.Chats.Responder.Storage.MessageState;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>What a human can do with <see cref="IChatsResponderInbox"/>.</summary>
public sealed class InboxTests
{
    [Test]
    public async Task It_lists_messages_that_need_a_human_and_marks_them_as_sent()
    {
        await using var stage = await NeedsAttentionAsync();
        var item = (await stage.Inbox.ListAsync()).Single();

        Assert.That((item.BusinessId, item.ChatId, item.MessageId, item.MayHaveBeenSent), Is.EqualTo((Stage.Business, Stage.Chat, 10L, true)));
        Assert.That(item.ToString(), Does.Not.Contain(item.Answer!));
        Assert.That(await stage.Inbox.MarkAsSentAsync(Stage.Business, Stage.Chat, 10), Is.True);
        Assert.That(await stage.StateAsync(10), Is.EqualTo(Sent));
        Assert.That(await stage.Inbox.ListAsync(), Is.Empty);
        Assert.That(await stage.Inbox.MarkAsSentAsync(Stage.Business, Stage.Chat, 10), Is.False);
    }

    [Test]
    public async Task It_sends_the_stored_text_again()
    {
        await using var stage = await NeedsAttentionAsync();
        stage.Client.OnSend = (_, _) => Task.CompletedTask;
        stage.Respond = (_, _) => Task.FromResult<string?>("another text");

        Assert.That(await stage.Inbox.SendAgainAsync(Stage.Business, Stage.Chat, 10), Is.True);
        await stage.UntilAsync(10, Sent);

        Assert.That(stage.Client.Sent.Single().Text, Is.EqualTo("re: Where is it?"));
    }

    [Test]
    public async Task It_drops_a_message()
    {
        await using var stage = await NeedsAttentionAsync();

        Assert.That(await stage.Inbox.DropAsync(Stage.Business, Stage.Chat, 10), Is.True);
        Assert.That(await stage.StateAsync(10), Is.EqualTo(NoReply));
    }

    [Test]
    public async Task It_does_not_change_messages_that_do_not_need_a_human()
    {
        await using var stage = await TransitionTests.StartedAsync();
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(10, Sent);

        Assert.That(await stage.Inbox.SendAgainAsync(Stage.Business, Stage.Chat, 10), Is.False);
        Assert.That(await stage.Inbox.DropAsync(Stage.Business, Stage.Chat, 10), Is.False);
        Assert.That(() => stage.Inbox.ListAsync(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task A_slow_worker_cannot_change_what_the_human_decided()
    {
        await using var stage = new Stage();
        await stage.Store.MigrateAsync(CancellationToken.None);
        await stage.ReceiveAsync(10);
        var slow = (await stage.Store.ClaimAsync(1, CancellationToken.None)).Single();
        await stage.Store.BeginSendAsync(slow, "x", CancellationToken.None);
        await stage.StartAsync();
        await stage.UntilAsync(10, NeedsAttention, isAbandoned: true);
        await stage.Inbox.DropAsync(Stage.Business, Stage.Chat, 10);

        Assert.That(await stage.Store.ConfirmAsync(slow, CancellationToken.None), Is.False);
        Assert.That(await stage.Store.FailAsync(slow, new("x", true), CancellationToken.None), Is.False);
        Assert.That(await stage.StateAsync(10), Is.EqualTo(NoReply));
    }

    private static async Task<Stage> NeedsAttentionAsync()
    {
        var stage = await TransitionTests.StartedAsync();
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(10, NeedsAttention);
        return stage;
    }
}
