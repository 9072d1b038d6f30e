using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

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
        Assert.That((item.BusinessId, item.ChatId, item.ReplyText, item.MayHaveBeenSent), Is.EqualTo((Stage.Business, 10L, "re: 10?", true)));
        Assert.That(item.ToString(), Does.Not.Contain(item.ReplyText!));
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
    public async Task A_web_application_can_show_and_resolve_them()
    {
        await using var stage = await DoubtTests.InDoubtAsync();
        await stage.UntilAsync(10, NeedsAttention);
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
        Assert.That(await client.GetStringAsync("inbox"), Does.Contain("\"messageId\":10,\"mayHaveBeenSent\":true,\"replyText\":\"re: Where is it?\""));
        foreach (var (action, result) in new[] { ("again", "true"), ("sent", "false"), ("drop", "false") })
        {
            using var response = await client.PostAsync($"inbox/{Stage.Business}/{Stage.Chat}/10/{action}", null);
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(result), action);
        }
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
