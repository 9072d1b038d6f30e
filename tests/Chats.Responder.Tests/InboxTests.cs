using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>What a human can do with <see cref="IChatsResponderInbox"/>.</summary>
public sealed class InboxTests
{
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
        Assert.That(await client.GetStringAsync("inbox"), Does.Contain("\"chatId\":10,\"messageId\":10,\"mayHaveBeenSent\":true,\"replyText\":\"re: 10?\""));
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
}
