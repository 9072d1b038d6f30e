namespace YandexMarket.Chats.Responder.Tests;

/// <summary>Which failures count against a message, which do not, and what a responder or a callback that hangs must not stop.</summary>
public sealed class FailureTests
{
    private const string Failing = "This one fails.";

    private static readonly (MessageState State, int Failures, int Attempts) _own = (NeedsAttention, 2, 2);
    private static readonly (MessageState State, int Failures, int Attempts) _others = (NeedsAttention, 0, 4);
    private static readonly (MessageState State, int Failures, int Attempts) _doubt = (InDoubt, 0, 0);

    private static readonly Failure[] _failures =
    [
        new("ChatsApiException: No.", _own) { Read = Response(400, "Bad.") },
        new("ChatsApiException: No.", _own) { Read = Response(404, "Can't find message by id: '10' for chat '2'") },
        new("ChatsApiException: No.", _others) { Read = Response(404, "Resource not found") },
        .. new[] { 302, 401, 403, 404, 405, 407, 415, 500 }.Select(status => new Failure("ChatsApiException: No.", _others) { Read = Response(status) }),
        new("HTML", _others) { Read = new ChatsResponseException("HTML.", ChatsOperations.GetChatMessage, mayHaveBeenSent: false, 200) },
        new("None", _others) { Read = new ChatsApiKeyException("None.", ChatsOperations.GetChatMessage) },
        new("Cut", _others) { Read = new ChatsConnectionException("Cut.", ChatsOperations.GetChatMessage, mayHaveBeenSent: false) },
        new(nameof(InvalidOperationException), _own) { Respond = () => throw new InvalidOperationException("secret text") },
        new(nameof(TaskCanceledException), _own) { Respond = () => throw new TaskCanceledException("secret: a timeout of its own, such as that of an HttpClient") },
        new("white space", _own) { Respond = () => " " },
        new("4097 characters", _own) { Respond = () => new string('x', 4097) },
        new("surrogate", _own) { Respond = () => "Half an emoji: \uD83D" },
        new("U+0000", _own) { Respond = () => "Zero: \0" },
        new("ChatsApiException: No.", _own) { Send = FakeClient.Rejected() },
        new("Too many", _others) { Send = FakeClient.Unsent() },
        new(nameof(ChatsCanceledException), _others) { Send = new ChatsCanceledException(ChatsOperations.SendMessageToChat, false, new CancellationToken(true)) },
        new("ChatsConnectionException: Cut.", _doubt) { Send = FakeClient.Doubtful() },

        // A decorator of the client can throw them after the send; the last one if it looks into the chat.
        new(nameof(InvalidOperationException), _doubt) { Send = new InvalidOperationException("secret") },
        new(nameof(ArgumentException), _doubt) { Send = new ArgumentException("secret") },
        new("ChatsApiException: No.", _doubt) { Send = Response(500) },
    ];

    [TestCase("ignores its token")]
    [TestCase("obeys its token")]
    [TestCase("blocks its thread")]
    public async Task A_responder_that_hangs_has_failed_after_its_timeout(string how)
    {
        using var end = new ManualResetEvent(false);
        await using var stage = await Stage.StartedAsync(options => (options.MaxFailures, options.MaxConcurrency) = (how == "blocks its thread" ? 1 : 2, 2));
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
    public async Task A_stored_text_that_the_client_would_reject_is_found_before_its_send()
    {
        await using var stage = await Stage.MigratedAsync(options => options.MaxFailures = 1);
        var row = await stage.ClaimedAsync(10);
        await stage.Store.BeginSendAsync(row, new string('x', 4097), CancellationToken.None);
        await stage.Store.ReleaseAsync(row, CancellationToken.None);
        await stage.StartAsync();
        await stage.UntilAsync(10, NeedsAttention);

        Assert.That((await stage.Inbox.ListAsync()).Single().MayHaveBeenSent, Is.False);
        Assert.That(stage.Client.Sent, Is.Empty);
    }

    [Test]
    public async Task A_message_that_was_given_up_starts_anew_when_a_human_has_it_sent_again()
    {
        await using var stage = await Stage.StartedAsync(options => options.MaxFailures = 1);
        stage.Respond = (_, _) => throw new InvalidOperationException();
        await stage.HandleAsync(1, NeedsAttention);

        stage.Respond = (_, _) => Task.FromResult<string?>("Fine.");
        Assert.That(await stage.Inbox.SendAgainAsync(Stage.Business, Stage.Chat, 1));
        await stage.UntilAsync(1, Sent);

        Assert.That(stage.Client.Sent.Select(it => it.Text), Is.EqualTo(["Fine."]));
    }

    [Test]
    public async Task A_message_that_always_fails_needs_a_human_or_is_in_doubt_and_only_its_own_failures_count()
    {
        var (sends, called) = (new ConcurrentBag<long>(), new ConcurrentBag<(long, string?)>());
        await using var stage = await Stage.StartedAsync(options =>
        {
            (options.MaxFailures, options.MaxAttempts, options.DoubtTimeout) = (2, 4, TimeSpan.FromDays(1));
            options.AttentionNeeded = (item, _) =>
            {
                called.Add((item.MessageId, item.ReplyText));
                throw new InvalidOperationException("A callback must not disturb the worker.");
            };
        });
        stage.Client.OnRead = id => id < _failures.Length && _failures[id].Read is { } failure ? throw failure : Task.CompletedTask;
        stage.Respond = (message, _) => Task.FromResult<string?>(message.Message.MessageId is < 100 and var id ? _failures[id].Respond() : "Fine.");
        stage.Client.OnSend = (message, _) =>
        {
            sends.Add(message.ChatId);
            return message.Text == Failing && _failures[message.ChatId - 1].Send is { } failure ? throw failure : Task.CompletedTask;
        };
        for (var id = 0; id < _failures.Length; id++)
        {
            await stage.ReceiveAsync(id, chat: id + 1);
            await stage.ReceiveAsync(100 + id, chat: id + 1);
        }

        for (var id = 0; id < _failures.Length; id++)
        {
            var (reason, end) = _failures[id];
            await stage.UntilAsync(id, end.State);
            await stage.UntilAsync(100 + id, end == _doubt ? Received : Sent);
            var row = await stage.RowAsync(id);

            Assert.That(((row.State, row.Failures, row.Attempts), row.SendStartedAt is null), Is.EqualTo((end, end != _doubt)), $"{id}, {reason}");
            Assert.That(row.LastFailure, Does.Contain(reason).And.Not.Contain("secret"));
            Assert.That(sends.Count(chat => chat == id + 1), end == _doubt ? Is.EqualTo(1) : Is.GreaterThan(0), "A text in doubt is not sent again.");
        }

        var items = await stage.Inbox.ListAsync();
        Assert.That(items.Select(it => it.MayHaveBeenSent), Has.None.True);
        await Until.TrueAsync(() => called.Count == items.Count);
        Assert.That(called, Is.EquivalentTo(items.Select(it => (it.MessageId, it.ReplyText))));
        Assert.That(items.Select(it => it.ReplyText), Is.EquivalentTo(items.Select(it => _failures[it.MessageId].Send is null ? null : Failing)), "Only what can be sent is stored.");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_callback_that_hangs_delays_neither_the_gauge_nor_other_callbacks(bool blocks)
    {
        using var end = new ManualResetEvent(false);
        var called = 0;
        await using var stage = await Stage.StartedAsync(options => options.AttentionNeeded = (_, _) =>
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

    [TestCase(null, 2, 2, 2)]
    [TestCase(ServiceLifetime.Scoped, 2, 2, 2)]
    [TestCase(ServiceLifetime.Transient, 2, 2, 2)]
    [TestCase(ServiceLifetime.Singleton, 1, 0, 1)]
    public async Task A_responder_is_disposed_once_at_the_end_of_its_lifetime(ServiceLifetime? lifetime, int created, int disposed, int disposedAtTheEnd)
    {
        var stage = await Stage.StartedAsync(lifetime: lifetime);
        await using (stage)
        {
            await stage.HandleAsync(10, Sent);
            await stage.HandleAsync(11, Sent);

            Assert.That(stage.Responders, Is.EqualTo((created, disposed)));
        }

        Assert.That(stage.Responders, Is.EqualTo((created, disposedAtTheEnd)));
    }

    [Test]
    public async Task The_log_says_where_the_responder_and_the_callback_threw_without_the_messages_of_their_exceptions()
    {
        await using var stage = await Stage.StartedAsync(options => (options.MaxFailures, options.AttentionNeeded) = (1, (_, _) => ThrowSecretAsync()));
        stage.Respond = (_, _) => ThrowSecretAsync();
        await stage.HandleAsync(10, NeedsAttention);
        await Until.TrueAsync(() => stage.Log.Any(it => it.Message.Contains("callback threw", StringComparison.Ordinal)));
        var threw = stage.Log.Where(it => it.Message.Contains(" threw ", StringComparison.Ordinal)).Select(it => it.Message).ToList();

        Assert.That(threw, Has.Count.EqualTo(2).And.All.Contains(nameof(ThrowSecretAsync)).And.All.Contains(nameof(FormatException)));
        Assert.That(stage.Log.Select(it => $"{it.Message}{it.Exception}"), Has.None.Contains("secret"));
        Assert.That((await stage.RowAsync(10)).LastFailure, Is.EqualTo(nameof(InvalidOperationException)));
    }

    [Test]
    public async Task The_log_names_a_service_that_the_responder_needs_and_that_is_not_registered()
    {
        await using var stage = await Stage.MigratedAsync();
        await using var services = new ServiceCollection().AddScoped<IChatsResponder, NeedyResponder>().BuildServiceProvider();
        var handler = ActivatorUtilities.CreateInstance<MessageHandler>(stage.Services, services.GetRequiredService<IServiceScopeFactory>());
        await handler.HandleAsync(await stage.ClaimedAsync(10), default, default, default);

        Assert.That(stage.Log.Select(it => it.Exception?.Message), Has.Some.Contains(nameof(FakeClient)));
    }

    private static Task<string?> ThrowSecretAsync()
    {
        try
        {
            throw new FormatException("secret text");
        }
        catch (FormatException inner)
        {
            throw new InvalidOperationException("secret text", inner);
        }
    }

    private static ChatsApiException Response(int status, string? reason = null) => new(
        "No.", ChatsOperations.GetChatMessage, mayHaveBeenSent: false, status, reason is null ? null : [new ApiError { Code = "CODE", Message = reason }]);

    private sealed class NeedyResponder(FakeClient needed) : IChatsResponder
    {
        public Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken) => Task.FromResult<string?>($"{needed}");
    }

    private sealed record Failure(string Reason, (MessageState State, int Failures, int Attempts) End)
    {
        public Exception? Read { get; init; }

        public Func<string> Respond { get; init; } = () => Failing;

        public Exception? Send { get; init; }
    }
}
