using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using YandexMarket.Chats.Responder.Storage;
using YandexMarket.Chats.Responder.Tests.Support;
using static YandexMarket.Chats.Responder.Storage.MessageState;

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
        await using var stage = await TransitionTests.StartedAsync(options => (options.MaxFailures, options.MaxConcurrency) = (how == "blocks its thread" ? 1 : 2, 2));
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

    [Test]
    public async Task A_timeout_of_the_responders_own_is_a_failure_like_any_other()
    {
        await using var stage = await TransitionTests.StartedAsync();
        var asked = 0;
        stage.Respond = (_, _) => ++asked == 1 ? throw new TaskCanceledException("The request of an HttpClient timed out.") : Task.FromResult<string?>("Fine.");
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(10, Sent);

        Assert.That(await stage.RowAsync(10), Has.Property(nameof(MessageRow.Failures)).EqualTo(1).And.Property(nameof(MessageRow.LastFailure)).EqualTo("TaskCanceledException"));
    }

    private static readonly ChatsException[] _notOfTheMessage =
    [
        .. new[] { 302, 401, 403, 404, 405, 407, 415, 500 }.Select(status => Response(status)),
        Response(404, "Resource not found"),
        new ChatsResponseException("HTML.", ChatsOperations.GetChatMessage, mayHaveBeenSent: false, 200),
        new ChatsApiKeyException("None.", ChatsOperations.GetChatMessage),
    ];

    [TestCaseSource(nameof(_notOfTheMessage))]
    public async Task A_failure_that_is_not_the_messages_own_does_not_count_but_is_not_retried_for_ever_either(ChatsException failure)
    {
        await using var stage = await TransitionTests.StartedAsync(options => (options.MaxFailures, options.MaxAttempts) = (1, 8));
        stage.Client.OnRead = id => id == 10 ? throw failure : Task.CompletedTask;
        await stage.ReceiveAsync(10);
        await stage.ReceiveAsync(11);
        await stage.UntilAsync(10, NeedsAttention);
        await stage.UntilAsync(11, Sent);

        Assert.That(await stage.RowAsync(10), Has.Property(nameof(MessageRow.Failures)).Zero.And.Property(nameof(MessageRow.Attempts)).EqualTo(8));
    }

    [TestCase(400, "Bad.")]
    [TestCase(404, "Can't find message by id: '10' for chat '2'")]
    public async Task A_rejected_read_is_a_failure_of_the_messages_own(int status, string reason)
    {
        await using var stage = await TransitionTests.StartedAsync(options => options.MaxFailures = 1);
        stage.Client.OnRead = _ => throw Response(status, reason);
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(10, NeedsAttention);

        Assert.That((await stage.RowAsync(10)).Failures, Is.EqualTo(1));
    }

    [TestCase(0xD83D, Description = "Half an emoji, which an attribute cannot hold.")]
    [TestCase(0)]
    public async Task A_text_that_cannot_be_sent_is_a_failure_and_no_doubt(int character)
    {
        await using var stage = await TransitionTests.StartedAsync(options => options.MaxFailures = 1);
        stage.Respond = (_, _) => Task.FromResult<string?>($"Fine. {(char)character}");
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(10, NeedsAttention);

        Assert.That(await stage.RowAsync(10), Has.Property(nameof(MessageRow.SendStartedAt)).Null.And.Property(nameof(MessageRow.LastFailure)).Contains("surrogate"));
    }

    [Test]
    public async Task A_stored_text_that_the_client_would_reject_is_found_before_its_send()
    {
        await using var stage = new Stage(options => options.MaxFailures = 1);
        await stage.Store.MigrateAsync(CancellationToken.None);
        await stage.ReceiveAsync(10);
        var row = (await stage.Store.ClaimAsync(1, CancellationToken.None)).Single();
        await stage.Store.BeginSendAsync(row, new string('x', 4097), CancellationToken.None);
        await stage.Store.ReleaseAsync(row, isCustomers: true, CancellationToken.None);
        await stage.StartAsync();
        await stage.UntilAsync(10, NeedsAttention);

        Assert.That((await stage.Inbox.ListAsync()).Single().MayHaveBeenSent, Is.False);
        Assert.That(stage.Client.Sent, Is.Empty);
    }

    [Test]
    public async Task A_callback_that_hangs_costs_no_message_its_lease()
    {
        var called = new TaskCompletionSource();
        await using var stage = await TransitionTests.StartedAsync(options => options.AttentionNeeded = (_, _) =>
        {
            called.TrySetResult();
            return new TaskCompletionSource().Task;
        });
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(10, InDoubt);

        var composing = new TaskCompletionSource<string?>();
        stage.Respond = (_, token) => composing.Task.WaitAsync(token);
        stage.Client.OnSend = (_, _) => Task.CompletedTask;
        await stage.UntilAsync(() => Task.FromResult(called.Task.IsCompleted));
        await stage.ReceiveAsync(11, chat: 11);
        await stage.UntilAsync(11, Answering);
        var lease = (await stage.RowAsync(11)).LeaseUntil;
        await stage.UntilAsync(async () => (await stage.RowAsync(11)).LeaseUntil > lease, () => "The lease is not renewed.", isAbandoned: true);
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
        await using var stage = await TransitionTests.StartedAsync(options => options.AttentionNeeded = (_, _) =>
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

    [Test]
    public async Task A_responder_that_is_registered_already_is_used()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new Fixed("ours"));
        services.AddChatsResponder<Fixed>();
        await using var built = services.BuildServiceProvider();
        await using var scope = built.CreateAsyncScope();

        Assert.That(await scope.ServiceProvider.GetRequiredService<IChatsResponder>().RespondAsync(null!, CancellationToken.None), Is.EqualTo("ours"));
    }

    [TestCase(null, 2, 2, 2)]
    [TestCase(ServiceLifetime.Scoped, 2, 2, 2)]
    [TestCase(ServiceLifetime.Transient, 2, 2, 2)]
    [TestCase(ServiceLifetime.Singleton, 1, 0, 1)]
    public async Task A_responder_is_disposed_once_at_the_end_of_its_lifetime(ServiceLifetime? lifetime, int created, int disposed, int disposedAtTheEnd)
    {
        var stage = new Stage(lifetime: lifetime);
        await using (stage)
        {
            await stage.Store.MigrateAsync(CancellationToken.None);
            await stage.StartAsync();
            await stage.ReceiveAsync(10);
            await stage.UntilAsync(10, Sent);
            await stage.ReceiveAsync(11);
            await stage.UntilAsync(11, Sent);

            Assert.That(stage.Responders, Is.EqualTo((created, disposed)));
        }

        Assert.That(stage.Responders, Is.EqualTo((created, disposedAtTheEnd)));
    }

    [TestCase("RespondTimeout", "2")]
    [TestCase("LeaseDuration", "60")]
    [TestCase("DoubtTimeout", "600")]
    [TestCase("RetryDelay", "1")]
    [TestCase("MaxRetryDelay", "300")]
    [TestCase("PollInterval", "1")]
    [TestCase("ShutdownTimeout", "20")]
    public void Seconds_that_NET_reads_as_days_are_an_error_that_names_the_option(string option, string value)
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [option] = value }).Build();
        var services = new ServiceCollection();
        services.AddChatsResponder<Fixed>(section.Bind);
        using var built = services.BuildServiceProvider();

        Assert.That(
            () => built.GetRequiredService<IOptions<ChatsResponderOptions>>().Value,
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains($"{option} must be").And.Message.Contains($"{value}.00:00:00"));
    }

    private static ChatsApiException Response(int status, string? reason = null) => new(
        "No.", ChatsOperations.GetChatMessage, mayHaveBeenSent: false, status, reason is null ? null : [new ApiError { Code = "CODE", Message = reason }]);

    private sealed class Fixed(string text) : IChatsResponder
    {
        public Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken) => Task.FromResult<string?>(text);
    }
}
