using Microsoft.Extensions.Diagnostics.HealthChecks;
using YandexMarket.Chats.Hosting;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>What the responder needs fails: the database, the disk, the log.</summary>
public sealed class OutageTests
{
    [Test]
    public async Task While_the_database_is_unavailable_notifications_are_rejected_and_the_worker_goes_on()
    {
        await using var stage = await Stage.StartedAsync(RetryMessagesHourly);
        await stage.ExecuteAsync("ALTER TABLE ChatsMessages RENAME TO Away");
        stage.Client.Add(10, ChatMessageSender.Customer, "Where is it?");

        Assert.That(() => stage.NotifyAsync(10), Throws.Exception, "The endpoint responds with 500.");
        Assert.That((await OperationTests.HealthAsync(stage)).Status, Is.EqualTo(HealthStatus.Unhealthy));
        stage.Clock.Advance(TimeSpan.FromMinutes(1));

        await stage.ExecuteAsync("ALTER TABLE Away RENAME TO ChatsMessages");
        await stage.NotifyAsync(10);
        var start = stage.Clock.GetUtcNow();
        await stage.UntilAsync(10, Sent);

        Assert.That(stage.Clock.GetUtcNow() - start, Is.LessThan(TimeSpan.FromMinutes(1)));
    }

    [TestCase("migration")]
    [TestCase("claim")]
    [TestCase("maintenance")]
    public async Task If_only_reads_work_the_health_check_is_unhealthy(string what)
    {
        await using var stage = new Stage();
        await stage.Build().GetRequiredService<MessageStore>().MigrateAsync(CancellationToken.None);
        if (what == "migration")
        {
            await stage.ExecuteAsync("DROP TABLE ChatsMigrations"); // As after a restore of the other table alone.
        }

        stage.OnCommand = command => what switch
        {
            "claim" when IsClaim(command) => new SqliteException("attempt to write a readonly database", 8),
            "maintenance" when command.StartsWith("UPDATE", StringComparison.Ordinal) => new SqliteException("attempt to write a readonly database", 8),
            _ => null,
        };
        await stage.StartAsync();
        await stage.UntilAsync(async () => (await OperationTests.HealthAsync(stage)).Status == HealthStatus.Unhealthy);

        Assert.That(
            (await OperationTests.HealthAsync(stage)).Entries["chats-responder"].Description,
            Does.Contain($"the worker fails, so nothing is answered: SqliteException {(what == "migration" ? 1 : 8)}"));
        if (what != "migration")
        {
            stage.OnCommand = _ => null;
            await stage.UntilAsync(async () => (await OperationTests.HealthAsync(stage)).Status == HealthStatus.Healthy);
        }
    }

    [TestCase("send", "\"ReplyText\" = 're:", nameof(Sent))]
    [TestCase("no reply", "'NoReply'", nameof(NoReply))]
    [TestCase("failed read", "\"LastFailure\" =", nameof(Sent))]
    [TestCase("order", "SELECT EXISTS", nameof(Sent))]
    public async Task A_failing_database_is_no_failure_of_the_message_and_the_reply_is_composed_once(string what, string command, string state)
    {
        await using var stage = await Stage.StartedAsync();
        var (failed, reads, composed) = (0, 0, 0);
        stage.OnCommand = text => text.Contains(command, StringComparison.Ordinal) && ++failed <= 2 ? new SqliteException("disk I/O error", 10) : null;
        stage.Client.OnRead = _ => what == "failed read" && ++reads == 1
            ? throw new ChatsConnectionException("Cut.", ChatsOperations.GetChatMessage, mayHaveBeenSent: false)
            : Task.CompletedTask;
        stage.Respond = (_, _) => Task.FromResult(++composed > 0 && what == "no reply" ? null : "re: it");
        await stage.ReceiveAsync(10);
        var start = stage.Clock.GetUtcNow();
        await stage.UntilAsync(10, Enum.Parse<MessageState>(state), isAbandoned: true);

        Assert.That(((await stage.RowAsync(10)).Failures, composed, failed > 2), Is.EqualTo((0, 1, true)));
        Assert.That(stage.Clock.GetUtcNow() - start, Is.LessThan(TimeSpan.FromMinutes(10)), "The lease is an hour.");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task The_outcome_of_a_send_is_stored_within_seconds_of_an_outage_and_before_a_stop(bool stops)
    {
        await using var stage = await Stage.StartedAsync(options =>
        {
            RetryMessagesHourly(options);
            options.ShutdownTimeout = TimeSpan.Zero;
        });
        var (isOut, failed) = (true, 0);
        stage.OnCommand = command => isOut && command.StartsWith("UPDATE", StringComparison.Ordinal) && command.Contains("\"State\" = 'Sent'") && ++failed > 0
            ? new SqliteException("disk I/O error", 10)
            : null;
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(() => Task.FromResult(failed >= 6), () => $"{failed} attempts.", isAbandoned: true);
        isOut = false;
        var start = stage.Clock.GetUtcNow();
        await (stops ? stage.StopAsync() : stage.UntilAsync(10, Sent, isAbandoned: true));

        Assert.That(await stage.StateAsync(10), Is.EqualTo(Sent));
        Assert.That(stage.Clock.GetUtcNow() - start, Is.LessThan(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task A_log_that_throws_changes_nothing()
    {
        await using var stage = await Stage.StartedAsync(options => (options.MaxConcurrency, options.MaxFailures) = (1, 1));
        stage.IsLogBroken = true;
        var claims = 0;
        stage.OnCommand = command => IsClaim(command) && ++claims == 1 ? new SqliteException("disk I/O error", 10) : null;
        stage.Client.OnSend = (sent, _) => sent.Text switch
        {
            "re: 10" => throw FakeClient.Doubtful(),
            "re: 11" => throw FakeClient.Rejected(),
            _ => Task.CompletedTask,
        };
        for (var id = 10; id <= 12; id++)
        {
            await stage.ReceiveAsync(id, $"{id}", chat: id);
        }

        await stage.UntilAsync(10, InDoubt);
        await stage.UntilAsync(11, NeedsAttention);
        await stage.UntilAsync(12, Sent);

        Assert.That(stage.Log.Select(it => it.Level), Does.Contain(LogLevel.Warning).And.Contain(LogLevel.Error));
    }

    [Test]
    public async Task A_rejection_by_a_local_limit_is_not_a_warning()
    {
        await using var stage = await Stage.StartedAsync();
        var asked = 0;
        stage.Client.OnSend = (_, _) => ++asked == 1 ? throw new ChatsQuotaException("No room.", ChatsOperations.SendMessageToChat, TimeSpan.FromSeconds(1)) : Task.CompletedTask;
        await stage.HandleAsync(10, Sent);

        Assert.That(stage.Log.Where(it => it.Message.Contains("nothing was sent", StringComparison.Ordinal)).Select(it => it.Level), Is.EqualTo([LogLevel.Debug]));
    }

    [Test]
    public async Task While_the_disk_is_full_notifications_are_rejected_and_nothing_is_lost()
    {
        await using var stage = await Stage.StartedAsync();
        stage.IsDiskFull = true;
        var rejected = new List<int>();
        for (var id = 10; id < 110; id++)
        {
            stage.Client.Add(id, ChatMessageSender.Customer, "Where is it?");
            try
            {
                await stage.NotifyAsync(id, chat: id);
            }
            catch (Exception full) when (full.GetBaseException() is SqliteException { SqliteErrorCode: 13 })
            {
                rejected.Add(id); // The endpoint responds with 500, and the service sends the notification again.
            }
        }

        Assert.That(rejected, Has.Count.InRange(1, 99), "Some fit on the disk, the others did not.");
        stage.IsDiskFull = false;
        foreach (var id in rejected)
        {
            await stage.NotifyAsync(id, chat: id);
        }

        await stage.UntilAllAsync(Enumerable.Range(10, 100), Sent);

        Assert.That(stage.Client.Sent.Select(sent => sent.ChatId), Is.Unique.And.EquivalentTo(Enumerable.Range(10, 100)));
    }

    [Test]
    public async Task A_failing_write_does_not_fail_others()
    {
        await using var stage = await Stage.StartedAsync();
        var database = stage.Services.GetRequiredService<ResponderDatabase>();
        var bad = Enumerable.Range(0, 5).Select(_ => database.WriteAsync<int>(_ => throw new InvalidOperationException("Bad."), CancellationToken.None)).ToList();
        var good = Enumerable.Range(10, 20).Select(id => stage.ReceiveAsync(id, chat: id)).ToList();
        await Task.WhenAll(good);

        Assert.That(() => Task.WhenAll(bad), Throws.InvalidOperationException);
        await stage.UntilAllAsync(Enumerable.Range(10, 20), Sent);
    }

    [TestCase(5)] // SQLITE_BUSY
    [TestCase(6)] // SQLITE_LOCKED
    public async Task While_another_process_locks_the_file_waiting_writes_fail_with_the_first(int errorCode)
    {
        await using var stage = await Stage.MigratedAsync();
        var database = stage.Services.GetRequiredService<ResponderDatabase>();
        var (hold, running) = HoldTurn(database);
        await running;
        var attempts = 0;
        var writes = Enumerable.Range(0, 5).Select(_ => database.WriteAsync<int>(_ => throw Locked(), CancellationToken.None)).ToList();
        hold.SetResult(0);

        foreach (var write in writes)
        {
            await Assert.ThatAsync(() => write, Throws.TypeOf<SqliteException>());
        }

        Assert.That(attempts, Is.EqualTo(1));

        SqliteException Locked()
        {
            attempts++;
            return new("The database is locked.", errorCode);
        }
    }

    [Test]
    public async Task A_write_that_is_canceled_before_its_turn_does_not_run()
    {
        await using var stage = await Stage.MigratedAsync();
        var database = stage.Services.GetRequiredService<ResponderDatabase>();
        using var canceled = new CancellationTokenSource();
        var (hold, running) = HoldTurn(database);
        await running;
        var ran = false;
        var late = database.WriteAsync(_ => Task.FromResult(ran = true), canceled.Token);
        await canceled.CancelAsync();
        hold.SetResult(0);

        await Assert.ThatAsync(() => late, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(ran, Is.False);
    }

    private static (TaskCompletionSource<int> Hold, Task Running) HoldTurn(ResponderDatabase database)
    {
        var hold = new TaskCompletionSource<int>();
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = database.WriteAsync(
            _ =>
            {
                running.SetResult();
                return hold.Task;
            },
            CancellationToken.None);
        return (hold, running.Task);
    }

    private static void RetryMessagesHourly(ChatsResponderOptions options) => options.RetryDelay = options.MaxRetryDelay = TimeSpan.FromHours(1);

    private static bool IsClaim(string command) => command.StartsWith("SELECT", StringComparison.Ordinal) && command.Contains("NextAttemptAt\" <=");
}
