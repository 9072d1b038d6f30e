using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;
using YandexMarket.Chats.Responder.Storage;
using YandexMarket.Chats.Responder.Tests.Support;
using static YandexMarket.Chats.Responder.Storage.MessageState;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>Start and stop, an unavailable database, retention, and monitoring.</summary>
public sealed class OperationTests
{
    [Test]
    public async Task While_the_database_is_unavailable_notifications_are_rejected_and_the_worker_goes_on()
    {
        await using var stage = await Stage.StartedAsync();
        await ExecuteAsync(stage, "ALTER TABLE ChatsMessages RENAME TO Away");
        stage.Client.Add(10, ChatMessageSender.Customer, "Where is it?");

        Assert.That(() => stage.NotifyAsync(10), Throws.Exception, "The endpoint responds with 500.");
        Assert.That((await HealthAsync(stage)).Status, Is.EqualTo(HealthStatus.Unhealthy));
        stage.Clock.Advance(TimeSpan.FromMinutes(1));

        await ExecuteAsync(stage, "ALTER TABLE Away RENAME TO ChatsMessages");
        await stage.NotifyAsync(10);
        await stage.UntilAsync(10, Sent);
    }

    [Test]
    public async Task The_outcome_of_a_send_is_stored_when_the_database_is_available_again()
    {
        await using var stage = await Stage.StartedAsync();
        stage.Client.OnSend = (_, _) => ExecuteAsync(stage, "ALTER TABLE ChatsMessages RENAME TO Away");
        await stage.ReceiveAsync(10);
        await Until.TrueAsync(() => stage.Client.Sent.Count > 0);
        await ExecuteAsync(stage, "ALTER TABLE Away RENAME TO ChatsMessages");
        await stage.UntilAsync(10, Sent, isAbandoned: true);
    }

    [Test]
    public async Task While_the_disk_is_full_notifications_are_rejected_and_nothing_is_lost()
    {
        // A worker that cannot store its text waits until its lease expires, and so does the test.
        await using var stage = await Stage.StartedAsync(options => options.LeaseDuration = TimeSpan.FromSeconds(3));
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

    [Test]
    public async Task At_a_stop_a_send_can_finish_and_no_other_begins()
    {
        await using var stage = await Stage.StartedAsync();
        var (sending, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        stage.Client.OnSend = async (_, token) =>
        {
            sending.SetResult();
            await finish.Task.WaitAsync(token);
        };
        await stage.ReceiveAsync(10);
        await stage.ReceiveAsync(11);
        await sending.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var stopped = Stage.WorkerOf(stage.Services).StopAsync(CancellationToken.None);
        finish.SetResult();
        await stopped;

        Assert.That((await stage.StateAsync(10), await stage.StateAsync(11)), Is.EqualTo((Sent, Received)));
    }

    [Test]
    public async Task A_send_that_takes_longer_than_the_shutdown_timeout_is_in_doubt()
    {
        await using var stage = await Stage.StartedAsync();
        var sending = new TaskCompletionSource();
        stage.Client.OnSend = async (_, token) =>
        {
            sending.SetResult();
            await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new ChatsCanceledException(ChatsOperations.SendMessageToChat, mayHaveBeenSent: true, token);
        };
        await stage.ReceiveAsync(10);
        await sending.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await stage.StopAsync();

        Assert.That(await stage.StateAsync(10), Is.EqualTo(InDoubt));
    }

    [Test]
    public async Task At_a_stop_a_message_that_is_being_composed_is_released()
    {
        await using var stage = await Stage.StartedAsync();
        var composing = new TaskCompletionSource();
        stage.Respond = async (_, token) =>
        {
            composing.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return "never";
        };
        await stage.ReceiveAsync(10);
        await composing.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Stage.WorkerOf(stage.Services).StopAsync(CancellationToken.None);

        Assert.That(await stage.RowAsync(10), Has.Property(nameof(MessageRow.State)).EqualTo(Received).And.Property(nameof(MessageRow.Failures)).Zero);
    }

    [Test]
    public async Task At_a_stop_without_time_to_finish_a_message_that_is_read_is_released_too()
    {
        await using var stage = await Stage.StartedAsync(options => (options.ShutdownTimeout, options.MaxFailures) = (TimeSpan.Zero, 1));
        var (reading, stopped) = (new TaskCompletionSource(), new TaskCompletionSource());
        stage.Client.OnRead = async _ =>
        {
            reading.TrySetResult();
            await stopped.Task;
            throw new OperationCanceledException();
        };
        await stage.ReceiveAsync(10);
        await reading.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var stop = Stage.WorkerOf(stage.Services).StopAsync(CancellationToken.None);
        for (var step = 0; step < 50; step++)
        {
            // The worker stops on threads of its own.
            stage.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Delay(1);
        }

        stopped.SetResult();
        await stop;

        Assert.That(await stage.RowAsync(10), Has.Property(nameof(MessageRow.State)).EqualTo(Received).And.Property(nameof(MessageRow.Failures)).Zero);
    }

    [Test]
    public async Task Texts_are_deleted_first_and_messages_later_but_only_final_ones()
    {
        await using var stage = await Stage.StartedAsync(options => options.TextRetention = TimeSpan.FromDays(1));
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(10, Sent);
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        await stage.ReceiveAsync(11);
        await stage.UntilAsync(11, NeedsAttention);

        stage.Clock.Advance(TimeSpan.FromDays(2));
        await stage.Store.RemoveOldAsync(CancellationToken.None);
        Assert.That((await stage.RowAsync(10)).Answer, Is.Null);
        stage.Clock.Advance(TimeSpan.FromDays(30));
        await stage.Store.RemoveOldAsync(CancellationToken.None);

        Assert.That(() => stage.RowAsync(10), Throws.InvalidOperationException);
        Assert.That((await stage.Inbox.ListAsync()).Single().Answer, Is.EqualTo("re: Where is it?"));
    }

    [Test]
    public async Task The_health_check_and_the_gauge_report_how_many_messages_need_a_human()
    {
        await using var stage = await Stage.StartedAsync();
        Assert.That((await HealthAsync(stage)).Status, Is.EqualTo(HealthStatus.Healthy));
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        await stage.ReceiveAsync(10);
        await stage.UntilAsync(10, NeedsAttention);
        var entry = (await HealthAsync(stage)).Entries["chats-responder"];

        Assert.That((entry.Status, entry.Data["NeedsAttention"]), Is.EqualTo((HealthStatus.Degraded, (object)1)));
        await stage.UntilAsync(() => Task.FromResult(Gauge(stage) == 1));
    }

    [Test]
    public async Task At_a_stop_a_callback_can_finish_within_the_shutdown_timeout()
    {
        var called = new TaskCompletionSource();
        await using var stage = await Stage.StartedAsync(options =>
        {
            (options.MaxFailures, options.ShutdownTimeout) = (1, TimeSpan.FromSeconds(10));
            options.AttentionNeeded = (_, _) =>
            {
                called.SetResult();
                return new TaskCompletionSource().Task;
            };
        });
        stage.Client.OnSend = (_, _) => throw FakeClient.Rejected();
        await stage.ReceiveAsync(10);
        await called.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var start = stage.Clock.GetUtcNow();
        await stage.StopAsync();

        Assert.That((stage.Clock.GetUtcNow() - start).TotalSeconds, Is.InRange(10, 29), "After the shutdown timeout and before its own.");
    }

    [Test]
    public async Task Only_the_user_of_the_process_can_read_the_files_of_SQLite()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows has no such modes.");
        }
        else
        {
            await using var stage = await Stage.StartedAsync();
            await stage.ReceiveAsync(10);
            var files = Directory.GetFiles(Path.GetDirectoryName(stage.File)!);

            Assert.That(files, Has.Length.EqualTo(3), "The database, -wal and -shm.");
            Assert.That(files.Select(File.GetUnixFileMode), Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [TestCase("MaxConcurrency", "0")]
    [TestCase("MaxConcurrency", "1001")]
    [TestCase("RespondTimeout", "2")]
    [TestCase("LeaseDuration", "60")]
    [TestCase("DoubtTimeout", "600")]
    [TestCase("RetryDelay", "1")]
    [TestCase("MaxRetryDelay", "300")]
    [TestCase("PollInterval", "1")]
    [TestCase("ShutdownTimeout", "20")]
    [TestCase("Retention", "14")]
    public void Wrong_options_such_as_seconds_that_NET_reads_as_days_are_reported_at_the_start(string option, string value)
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [option] = value }).Build();
        using var built = new ServiceCollection().AddChatsResponder<Nobody>(section.Bind).Services.BuildServiceProvider();

        Assert.That(
            () => built.GetRequiredService<IOptions<ChatsResponderOptions>>().Value,
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains($"{option} must be").And.Message.Contains(option == "Retention" ? "15 days" : option == "MaxConcurrency" ? "1 to 1000" : $"{value}.00:00:00"));
    }

    [Test]
    public void A_missing_database_is_reported_at_the_start()
    {
        using var built = new ServiceCollection().AddChatsResponder<Nobody>().Services.BuildServiceProvider();

        Assert.That(() => built.GetRequiredService<IChatsResponderInbox>(), Throws.InvalidOperationException.With.Message.Contains("UseSqlite"));
    }

    internal static int Gauge(Stage stage)
    {
        using var gauge = new MetricCollector<int>(stage.Services.GetRequiredService<IMeterFactory>(), ChatsResponderTelemetry.MeterName, "chats.responder.open");
        gauge.RecordObservableInstruments();
        return gauge.GetMeasurementSnapshot().Where(it => it.Tags["chats.responder.state"] is "NeedsAttention").Sum(it => it.Value);
    }

    private static Task<HealthReport> HealthAsync(Stage stage) => stage.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    private static async Task ExecuteAsync(Stage stage, string command)
    {
        await using var connection = new SqliteConnection(stage.ConnectionString);
        await connection.OpenAsync();
        await using var text = connection.CreateCommand();
        text.CommandText = command;
        await text.ExecuteNonQueryAsync();
    }

    private sealed class Nobody : IChatsResponder
    {
        public Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
    }
}
