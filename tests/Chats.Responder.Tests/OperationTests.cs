using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>Start and stop, retention, and monitoring.</summary>
public sealed class OperationTests
{
    [Test]
    public async Task On_shutdown_a_send_can_finish_and_no_other_starts()
    {
        await using var stage = await Stage.MigratedAsync(options => options.LeaseDuration = TimeSpan.FromHours(1));
        var (sending, finish, claiming) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        stage.Client.OnSend = async (_, token) =>
        {
            sending.TrySetResult();
            await finish.Task.WaitAsync(token);
        };
        var other = await stage.ClaimedAsync(11, chat: 11);
        await stage.Store.BeginSendAsync(other, "Stored.", CancellationToken.None);
        await stage.Store.FailAsync(other, new("Later.", IsTransient: true, TimeSpan.FromMinutes(10)), CancellationToken.None);
        await stage.StartAsync();
        await stage.ReceiveAsync(10);
        await sending.Task.WaitAsync(TimeSpan.FromSeconds(30));

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
    public async Task On_shutdown_a_message_whose_reply_is_being_composed_is_released()
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
    public async Task On_shutdown_without_time_to_finish_a_message_that_is_being_read_is_released_too()
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
        await stage.HandleAsync(10, Sent);
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        await stage.HandleAsync(11, NeedsAttention);

        stage.Clock.Advance(TimeSpan.FromDays(2));
        await stage.Store.RemoveOldAsync(CancellationToken.None);
        Assert.That((await stage.RowAsync(10)).Answer, Is.Null);
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
    public void Invalid_options_such_as_a_bare_number_of_seconds_are_reported_at_startup(string option, string value)
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [option] = value }).Build();
        using var built = new ServiceCollection().AddChatsResponder<SupportResponder>(section.Bind).Services.BuildServiceProvider();

        Assert.That(
            () => built.GetRequiredService<IOptions<ChatsResponderOptions>>().Value,
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains($"{option} must be").And.Message.Contains(option == "Retention" ? "15 days" : option == "MaxConcurrency" ? "1 to 1000" : $"{value}.00:00:00"));
    }

    [TestCase("MaxRetryDelay", "1", "Responder:MaxRetryDelay: a bare number, 1, means days; write 00:00:01 for seconds, or 1.00:00:00 for days.")]
    [TestCase("TextRetention", "a day", "Responder:TextRetention: it is not a duration")]
    [TestCase("MaxAttempt", "3", "Responder:MaxAttempt is not an option; did you mean MaxAttempts?")]
    [TestCase("AttentionNeeded", "true", "Responder:AttentionNeeded is not an option.")]
    [TestCase("MaxConcurrency", "0", "ChatsResponderOptions.MaxConcurrency must be from 1 to 1000.")]
    public void A_section_with_an_error_is_reported_at_startup(string option, string value, string error)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [$"Responder:{option}"] = value }).Build();
        using var built = new ServiceCollection().AddChatsResponder<SupportResponder>(configuration.GetSection("Responder")).Services.BuildServiceProvider();

        Assert.That(
            () => built.GetRequiredService<IOptions<ChatsResponderOptions>>().Value,
            Throws.InstanceOf<OptionsValidationException>().With.Message.StartsWith(error));
    }

    [Test]
    public void All_invalid_options_are_named_at_once() => Assert.That(
        new ChatsResponderOptions { MaxAttempts = 0, TextRetention = TimeSpan.Zero }.FindErrors(),
        Is.EqualTo(["ChatsResponderOptions.MaxAttempts must be at least 1.", "ChatsResponderOptions.TextRetention must be at least 1 hour."]));

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

    [Test]
    public async Task The_health_check_without_a_responder_names_the_missing_call()
    {
        await using var provider = new ServiceCollection().AddLogging().AddHealthChecks().AddChatsResponder().Services.BuildServiceProvider();

        var check = (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["chats-responder"];

        Assert.That((check.Status, check.Description), Is.EqualTo((HealthStatus.Unhealthy, "There is no responder: call services.AddChatsResponder<TResponder>().")));
    }

    [Test]
    public void A_missing_database_is_reported_at_startup()
    {
        using var built = new ServiceCollection().AddChatsResponder<SupportResponder>().Services.BuildServiceProvider();

        Assert.That(() => built.GetRequiredService<IChatsResponderInbox>(), Throws.InvalidOperationException.With.Message.Contains("UseSqlite"));
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
