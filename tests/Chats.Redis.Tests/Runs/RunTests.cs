namespace YandexMarket.Chats.Redis.Tests.Runs;

/// <summary>Real processes, a real Redis, and the emulator's limits, which may not be exceeded.</summary>
[Slow]
[NonParallelizable]
public sealed class RunTests
{
    private const int Hours = 2;

    [Test]
    public async Task Four_processes_use_the_quota_of_two_hours_without_a_420_with_some_killed_and_clocks_three_seconds_apart()
    {
        double[] clockErrors = [0, 3, -3, 1.5];
        await using var stage = await Stage.StartAsync();
        var workers = await Task.WhenAll(clockErrors.Select(stage.StartWorkerAsync));
        var use = stage.UsesTheQuotaAsync(await Stage.NextHourAsync(), Hours);
        for (var hour = 0; hour < Hours; hour++)
        {
            await Stage.NextHourAsync();
            await stage.CallsAsync(60);
            workers[hour].Kill();
            workers[hour] = await stage.StartWorkerAsync(clockErrors[hour]);
        }

        var isUsed = await use;
        await TestContext.Progress.WriteLineAsync($"{workers.Length} processes: {stage.Emulator.Requests.Total} calls, {stage.Refused.Count} of them 420");
        Assert.That(stage.Refused, Is.Empty);
        Assert.That(isUsed, $"At least 95 % of the quota of {Hours} hours.");
    }

    /// <summary>Whatever happens to Redis, no call is made without it, and calls continue afterwards.</summary>
    [Test]
    public async Task Redis_is_killed_paused_and_flushed_during_a_run()
    {
        await using var stage = await Stage.StartAsync();
        await using var one = Build(stage);
        await using var two = Build(stage);
        using var stop = new CancellationTokenSource();
        var work = Task.WhenAll(new[] { one, two }.Select(machine => Worker.WorkAsync(machine.GetRequiredService<IChatsClient>(), stop.Token)));

        await DuringTheRunAsync(stage, "killed", async () =>
        {
            await stage.Redis.KillAsync();
            await stage.NobodyCallsAsync();
            await stage.Redis.RestartAsync();
        });
        await DuringTheRunAsync(stage, "paused", async () =>
        {
            await stage.Redis.PauseAsync();
            await stage.NobodyCallsAsync();
            await stage.Redis.ResumeAsync();
        });
        await DuringTheRunAsync(stage, "flushed", () => stage.Redis.ExecuteAsync("FLUSHALL"));

        var isUsed = await stage.UsesTheQuotaAsync(await Stage.NextHourAsync(), hours: 1);
        await stop.CancelAsync();
        await work;
        await TestContext.Progress.WriteLineAsync($"Redis: {stage.Emulator.Requests.Total} calls, {stage.Refused.Count} of them 420");
        Assert.That(stage.Refused, Is.Empty);
        Assert.That(isUsed, "At least 95 % of the quota of an hour after it.");
    }

    private static async Task DuringTheRunAsync(Stage stage, string what, Func<Task> harm)
    {
        await Stage.NextHourAsync();
        await stage.CallsAsync(30);
        await harm();
        var time = Stopwatch.StartNew();
        await stage.CallsAsync(20);
        await TestContext.Progress.WriteLineAsync($"Redis {what}: calls again after {time.Elapsed.TotalSeconds:0.0} s");
    }

    private static ServiceProvider Build(Stage stage) => Worker.Build(
        stage.Emulator.BaseAddress, stage.Redis.Configuration, TimeProvider.System,
        options => (options.LeaseDuration, options.CommandTimeout) = (TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(500)));
}
