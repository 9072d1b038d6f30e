using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>Start and stop, retention, and monitoring.</summary>
public sealed class OperationTests
{
    [Test]
    public async Task A_notification_wakes_the_worker_before_it_would_look_for_work_again()
    {
        await using var stage = await Stage.StartedAsync();
        await stage.HandleAsync(10, Sent);
        await stage.ReceiveAsync(11, chat: 11);

        // The clock stands still.
        await Until.TrueAsync(async () => await stage.StateAsync(11) == Sent);
    }

    [Test]
    public async Task On_shutdown_a_send_can_finish_no_other_starts_and_a_message_whose_reply_is_being_composed_is_released()
    {
        await using var stage = await Stage.MigratedAsync(options => options.LeaseDuration = options.RespondTimeout = TimeSpan.FromHours(1));
        var (sending, composing, finish, claiming) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        stage.Client.OnSend = async (_, token) =>
        {
            sending.TrySetResult();
            await finish.Task.WaitAsync(token);
        };
        stage.Respond = async (message, token) =>
        {
            _ = message.ChatId == 12 && composing.TrySetResult();
            await Task.Delay(message.ChatId == 12 ? Timeout.Infinite : 0, token);
            return "Fine.";
        };
        var other = await stage.ClaimedAsync(11, chat: 11);
        await stage.Store.BeginSendAsync(other, "Stored.", CancellationToken.None);
        await stage.Store.FailAsync(other, new("Later.", IsTransient: true, TimeSpan.FromMinutes(10)), CancellationToken.None);
        await stage.StartAsync();
        await stage.ReceiveAsync(10);
        await stage.ReceiveAsync(12, chat: 12);
        await Task.WhenAll(sending.Task, composing.Task).WaitAsync(Until.Timeout);

        // The other one, in another chat and with a stored text, is being claimed when the host stops.
        using var stopping = new ManualResetEvent(false);
        stage.OnCommand = command =>
        {
            _ = !command.StartsWith("UPDATE", StringComparison.Ordinal) || !command.Contains("\"State\" = 'Answering'") || !claiming.TrySetResult() || stopping.WaitOne();
            return null;
        };
        await stage.UntilAsync(() => Task.FromResult(claiming.Task.IsCompleted), isAbandoned: true);
        var stopped = Stage.WorkerOf(stage.Services).StopAsync(CancellationToken.None);
        stopping.Set();
        finish.SetResult();
        await stopped;

        Assert.That((await stage.StateAsync(10), await stage.StateAsync(11)), Is.EqualTo((Sent, Received)));
        Assert.That(stage.Client.Sent.Select(it => it.ChatId), Is.EqualTo([Stage.Chat]));
        Assert.That(await stage.RowAsync(12), Has.Property(nameof(MessageRow.State)).EqualTo(Received).And.Property(nameof(MessageRow.Failures)).Zero);
    }

    [Test]
    public async Task After_the_shutdown_timeout_a_send_is_in_doubt_and_a_message_that_is_being_read_is_released()
    {
        await using var stage = await Stage.StartedAsync(options => options.MaxFailures = 1);
        var (sending, reading, canceled) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        stage.Client.OnSend = async (_, token) =>
        {
            sending.SetResult();
            await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            canceled.SetResult();
            throw new ChatsCanceledException(ChatsOperations.SendMessageToChat, mayHaveBeenSent: true, token);
        };
        stage.Client.OnRead = async id =>
        {
            if (id == 11)
            {
                reading.SetResult();
                await canceled.Task;
                throw new OperationCanceledException();
            }
        };
        await stage.ReceiveAsync(10);
        await stage.ReceiveAsync(11, chat: 11);
        await Task.WhenAll(sending.Task, reading.Task).WaitAsync(Until.Timeout);
        await stage.StopAsync();

        Assert.That(await stage.StateAsync(10), Is.EqualTo(InDoubt));
        Assert.That(await stage.RowAsync(11), Has.Property(nameof(MessageRow.State)).EqualTo(Received).And.Property(nameof(MessageRow.Failures)).Zero);
    }

    [Test]
    public async Task Texts_are_deleted_first_and_messages_later_but_only_final_ones()
    {
        await using var stage = await Stage.StartedAsync(options => options.TextRetention = TimeSpan.FromDays(1));
        await stage.HandleAsync(10, Sent);
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        await stage.HandleAsync(11, NeedsAttention);

        stage.Clock.Advance(TimeSpan.FromDays(2));
        await stage.Store.RemoveOldAsync(CancellationToken.None);
        Assert.That((await stage.RowAsync(10)).ReplyText, Is.Null);
        stage.Clock.Advance(TimeSpan.FromDays(30));
        await stage.Store.RemoveOldAsync(CancellationToken.None);

        Assert.That(() => stage.RowAsync(10), Throws.InvalidOperationException);
        Assert.That((await stage.Inbox.ListAsync()).Single().ReplyText, Is.EqualTo("re: Where is it?"));
    }

    [Test]
    public async Task The_health_check_and_the_gauge_report_how_many_messages_need_a_human()
    {
        await using var stage = await Stage.StartedAsync();
        Assert.That((await HealthAsync(stage)).Status, Is.EqualTo(HealthStatus.Healthy));
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        await stage.HandleAsync(10, NeedsAttention);
        var entry = (await HealthAsync(stage)).Entries["chats-responder"];

        Assert.That((entry.Status, entry.Data["NeedsAttention"]), Is.EqualTo((HealthStatus.Degraded, (object)1)));
        await stage.UntilAsync(() => Task.FromResult(Gauge(stage) == 1));

        var notStarted = stage.Build();
        Assert.That(Stage.WorkerOf(notStarted), Is.Not.Null);
        Assert.That(Measurements(notStarted), Is.Empty, "Zeros would say that no message needs a human.");
    }

    [Test]
    public async Task On_shutdown_a_callback_can_finish_within_the_shutdown_timeout()
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

    [Test]
    public async Task A_stop_during_the_first_migration_is_no_error()
    {
        await using var stage = new Stage();
        var migrating = new TaskCompletionSource();
        using var stopping = new ManualResetEvent(false);
        stage.OnCommand = command =>
        {
            if (!command.Contains("CREATE TABLE \"ChatsMessages\"", StringComparison.Ordinal))
            {
                return null;
            }

            migrating.SetResult();
            stopping.WaitOne();
            return new OperationCanceledException();
        };
        var worker = await stage.StartAsync();
        await migrating.Task.WaitAsync(Until.Timeout);
        var stopped = worker.StopAsync(CancellationToken.None);
        stopping.Set();
        await stopped;

        Assert.That(stage.Log.Where(it => it.Level >= LogLevel.Error), Is.Empty);
    }

    internal static int Gauge(Stage stage) =>
        Measurements(stage.Services).Where(it => it.Tags["chats.responder.state"] is "NeedsAttention").Sum(it => it.Value);

    private static IReadOnlyList<CollectedMeasurement<int>> Measurements(IServiceProvider process)
    {
        using var gauge = new MetricCollector<int>(process.GetRequiredService<IMeterFactory>(), ChatsResponderTelemetry.MeterName, "chats.responder.open");
        gauge.RecordObservableInstruments();
        return gauge.GetMeasurementSnapshot();
    }

    internal static Task<HealthReport> HealthAsync(Stage stage) => stage.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
}
