using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Redis.Tests.Runs;

/// <summary>The service with shortened hours, a Redis, and the service's record.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const int Quota = 40;

    private readonly List<Process> _processes = [];

    private Stage(ChatsEmulator emulator, RedisServer redis) => (Emulator, Redis) = (emulator, redis);

    public ChatsEmulator Emulator { get; }

    public RedisServer Redis { get; }

    public IReadOnlyList<RecordedRequest> Refused => [.. Emulator.Requests.Where(request => request.Status == 420)];

    public static async Task<Stage> StartAsync()
    {
        var redis = await RedisServer.StartAsync();
        var emulator = await ChatsEmulator.StartAsync(new() { HourlyQuota = Quota, QuotaPeriod = Worker.Times.Window, MaxRecordedRequests = 100_000 });
        emulator.AddKey(Worker.Key, ChatsScopes.Communication);
        for (var business = 1; business <= Worker.Businesses; business++)
        {
            emulator.AddBusiness(business).AddChat(1).Receive("Where is my order?");
        }

        // Each call takes a while, so that calls overlap.
        emulator.Faults.Random(seed: 1, probability: 1, ChatsFault.Stall.For(TimeSpan.FromMilliseconds(50)).AfterDelivery());
        return new Stage(emulator, redis);
    }

    public async Task<Process> StartWorkerAsync(double clockError)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Worker).Assembly.Location, $"{Emulator.BaseAddress}", Redis.Configuration, $"{clockError}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        _processes.Add(process);
        Assert.That(await process.StandardOutput.ReadLineAsync().WaitAsync(Until.Timeout), Is.EqualTo("ready"));
        return process;
    }

    /// <summary>Waits until this many more calls were made.</summary>
    public async Task CallsAsync(int calls)
    {
        var total = Emulator.Requests.Total;
        await Until.TrueAsync(() => Emulator.Requests.Total >= total + calls);
    }

    /// <summary>Waits until the calls in progress have ended; then no other call is made, not even when a new hour begins.</summary>
    public async Task NobodyCallsAsync()
    {
        using var timeout = new CancellationTokenSource(Until.Timeout);
        var total = -1L;
        while (total != Emulator.Requests.Total)
        {
            total = Emulator.Requests.Total;
            await Task.Delay(1000, timeout.Token);
        }

        await NextHourAsync();
        await Task.Delay(1000, CancellationToken.None);
        Assert.That(Emulator.Requests.Total, Is.EqualTo(total), "No call was allowed.");
    }

    /// <summary>Waits for this many hours in which every business used at least 95 % of each quota; on a busy machine not every hour does.</summary>
    public async Task<bool> UsesTheQuotaAsync(DateTimeOffset hour, int hours)
    {
        for (var end = hour + (8 * Worker.Times.Window); hours > 0 && hour < end; hour += Worker.Times.Window)
        {
            await Until.TrueAsync(() => DateTimeOffset.UtcNow >= hour + Worker.Times.Window);
            var used = UsedIn(hour);
            hours -= used.Min() >= 0.95 * Quota ? 1 : 0;
            await TestContext.Progress.WriteLineAsync($"{hour:mm:ss}: used of {Quota}: {string.Join(' ', used)}");
        }

        return hours == 0;
    }

    public static async Task<DateTimeOffset> NextHourAsync()
    {
        var next = new DateTimeOffset((DateTime.UtcNow.Ticks / Worker.Times.Window.Ticks + 1) * Worker.Times.Window.Ticks, TimeSpan.Zero);
        await Until.TrueAsync(() => DateTimeOffset.UtcNow >= next);
        return next;
    }

    /// <summary>How many calls of each business and operation the service accepted in an hour.</summary>
    public IReadOnlyList<int> UsedIn(DateTimeOffset hour) =>
    [
        .. from business in Enumerable.Range(1, (int)Worker.Businesses)
           from operation in Enum.GetValues<EmulatedOperation>()
           select Emulator.Requests.Count(request => request.BusinessId == business && request.Operation == operation
               && request.Status == 200 && request.ReceivedAt >= hour && request.ReceivedAt < hour + Worker.Times.Window),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.Dispose();
        }

        await Emulator.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
