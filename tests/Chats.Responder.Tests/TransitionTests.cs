using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using YandexMarket.Chats.Responder.Storage;
using YandexMarket.Chats.Responder.Tests.Support;
using static YandexMarket.Chats.Responder.Storage.MessageState;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>The way of a message from its notification to its final state.</summary>
public sealed class TransitionTests
{
    [Test]
    public async Task A_buyers_message_is_answered_once_despite_duplicate_notifications()
    {
        await using var stage = await StartedAsync();
        await stage.ReceiveAsync(10);
        await stage.NotifyAsync(10);
        await stage.UntilAsync(10, Sent);
        await stage.NotifyAsync(10);
        await stage.ReceiveAsync(11, "And now?");
        await stage.UntilAsync(11, Sent);

        Assert.That(stage.Client.Sent, Is.EqualTo(new[] { (Stage.Chat, "re: Where is it?"), (Stage.Chat, "re: And now?") }));
        Assert.That(await stage.RowAsync(10), Has.Property(nameof(MessageRow.Answer)).EqualTo("re: Where is it?"));
    }

    [TestCase(ChatMessageSender.Market)]
    [TestCase(ChatMessageSender.Support)]
    [TestCase(ChatMessageSender.Partner)]
    [TestCase(ChatMessageSender.Unknown)]
    public async Task A_message_that_no_buyer_wrote_gets_no_reply(ChatMessageSender sender)
    {
        await using var stage = await StartedAsync();
        stage.Client.Add(10, sender, "Hello");
        await stage.NotifyAsync(10);
        await stage.UntilAsync(10, NoReply);

        Assert.That(stage.Client.Sent, Is.Empty);
    }

    [Test]
    public async Task Null_means_no_reply()
    {
        await using var stage = await StartedAsync();
        stage.Respond = (_, _) => Task.FromResult<string?>(null);
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(10, NoReply);

        Assert.That(stage.Client.Sent, Is.Empty);
    }

    [TestCase(20, 20)]
    [TestCase(24 * 60, 60, Description = "The service's quotas are by the hour.")]
    public async Task A_send_that_certainly_failed_is_retried_after_the_delay_that_the_service_asks_for(int asksFor, int minutes)
    {
        await using var stage = await StartedAsync();
        var asked = 0;
        var composed = 0;
        var start = stage.Clock.GetUtcNow();
        stage.Client.OnSend = (_, _) => ++asked == 1 ? throw FakeClient.Unsent(TimeSpan.FromMinutes(asksFor)) : Task.CompletedTask;
        stage.Respond = (_, _) => Task.FromResult<string?>($"Text {++composed}");
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(10, Sent);

        Assert.That(stage.Clock.GetUtcNow() - start, Is.InRange(TimeSpan.FromMinutes(minutes), TimeSpan.FromMinutes(minutes * 12)));
        Assert.That(stage.Client.Sent, Is.EqualTo(new[] { (Stage.Chat, "Text 1") }), "The stored text is sent; it is not composed again.");
    }

    [Test]
    public async Task Network_failures_do_not_count()
    {
        await using var stage = await StartedAsync();
        var asked = 0;
        stage.Client.OnSend = (_, _) => ++asked <= 12 ? throw FakeClient.Unsent() : Task.CompletedTask;
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(10, Sent);

        Assert.That(asked, Is.EqualTo(13));
    }

    [TestCase(1)]
    [TestCase(10)]
    public async Task A_rejected_text_finally_needs_a_human(int failures)
    {
        List<ChatsAttentionItem> called = [];
        await using var stage = await StartedAsync(options =>
        {
            options.MaxFailures = failures;
            options.AttentionNeeded = (item, _) =>
            {
                called.Add(item);
                throw new InvalidOperationException("A callback must not disturb the worker.");
            };
        });
        stage.Client.OnSend = (_, _) => throw FakeClient.Rejected();
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(10, NeedsAttention);

        var item = (await stage.Inbox.ListAsync()).Single();
        Assert.That((item.MessageId, item.MayHaveBeenSent, item.Answer), Is.EqualTo((10L, false, "re: Where is it?")));
        await stage.UntilAsync(() => Task.FromResult(called.Count > 0));
        Assert.That(called.Select(it => (it.MessageId, it.Answer)), Is.EqualTo(new[] { (10L, "re: Where is it?") }));
        Assert.That((await stage.RowAsync(10)).Failures, Is.EqualTo(failures));
    }

    [TestCase("throws")]
    [TestCase("white space")]
    [TestCase("too long")]
    public async Task A_message_whose_responder_always_fails_needs_a_human_and_does_not_block_others(string how)
    {
        await using var stage = await StartedAsync();
        stage.Respond = (message, _) => message.Message.MessageId != 10 ? Task.FromResult<string?>("Fine.")
            : how == "throws" ? throw new InvalidOperationException("secret text")
            : Task.FromResult<string?>(how == "too long" ? new string('x', 4097) : " ");
        await stage.ReceiveAsync(10);
        await stage.ReceiveAsync(11);
        await stage.UntilAsync(10, NeedsAttention);
        await stage.UntilAsync(11, Sent);

        Assert.That((await stage.Inbox.ListAsync()).Single().Reason, Does.Not.Contain("secret"));
    }

    [Test]
    public async Task A_read_that_fails_is_retried()
    {
        await using var stage = await StartedAsync();
        stage.Client.OnRead = _ => stage.Client.Reads == 1
            ? throw new ChatsConnectionException("Cut.", ChatsOperations.GetChatMessage, mayHaveBeenSent: false) : Task.CompletedTask;
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(10, Sent);

        Assert.That(stage.Client.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Messages_of_a_chat_are_handled_one_after_another_and_chats_in_parallel()
    {
        await using var stage = await StartedAsync();
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

        for (var id = 10; id < 20; id++)
        {
            await stage.UntilAsync(id, Sent);
        }

        Assert.That(most, Is.EqualTo(2));
        Assert.That(stage.Client.Sent.Where(it => it.ChatId == Stage.Chat).Select(it => it.Text), Is.EqualTo(["re: 10", "re: 12", "re: 14", "re: 16", "re: 18"]));
    }

    [Test]
    public async Task The_migrations_create_the_schema_of_the_model()
    {
        await using var stage = await StartedAsync();
        await using var other = new Stage();
        await using (var context = await other.Services.GetRequiredService<IDbContextFactory<SqliteContext>>().CreateDbContextAsync())
        {
            await context.Database.EnsureCreatedAsync();
        }

        Assert.That(Schema(stage), Is.EqualTo(Schema(other)).And.Not.Empty);
    }

    internal static async Task<Stage> StartedAsync(Action<ChatsResponderOptions>? configure = null)
    {
        var stage = new Stage(configure);
        await stage.Store.MigrateAsync(CancellationToken.None);
        await stage.StartAsync();
        return stage;
    }

    private static List<string> Schema(Stage stage)
    {
        using var connection = new SqliteConnection(stage.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sql FROM sqlite_master WHERE tbl_name = 'ChatsMessages' AND sql IS NOT NULL ORDER BY name";
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
