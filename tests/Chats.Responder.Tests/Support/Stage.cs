using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Testing;
using YandexMarket.Chats.AspNetCore;

namespace YandexMarket.Chats.Responder.Tests.Support;

/// <summary>A responder with an SQLite file and a fake clock.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const long Business = 1;
    public const long Chat = 2;

    /// <summary>The shortest is the 30 seconds of a callback.</summary>
    private static readonly TimeSpan _belowTheTimeouts = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("responder-").FullName;
    private readonly Action<ChatsResponderOptions>? _configure;
    private readonly ServiceLifetime? _lifetime;
    private readonly List<ServiceProvider> _processes = [];
    private int _created;
    private int _disposed;

    /// <summary>The lifetime is that of a responder that is registered beforehand.</summary>
    public Stage(Action<ChatsResponderOptions>? configure = null, ServiceLifetime? lifetime = null)
    {
        (_configure, _lifetime) = (configure, lifetime);
        Client = new FakeClient(Clock);
        Services = Build();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public FakeClient Client { get; }

    public ServiceProvider Services { get; }

    public Func<IncomingChatMessage, CancellationToken, Task<string?>> Respond { get; set; } = (message, _) => Task.FromResult<string?>($"re: {message.Text}");

    public (int Created, int Disposed) Responders => (_created, _disposed);

    public MessageStore Store => Services.GetRequiredService<MessageStore>();

    public IChatsResponderInbox Inbox => Services.GetRequiredService<IChatsResponderInbox>();

    public string File => Path.Combine(_folder, "chats.db");

    public string ConnectionString => $"Data Source={File};Default Timeout=5";

    /// <summary>Simulates a full disk: SQLite may not use more pages than it has, and fails with the error of a full disk.</summary>
    public bool IsDiskFull { get; set; }

    public bool IsLogBroken { get; set; }

    public IReadOnlyList<FakeLogRecord> Log => Services.GetFakeLogCollector().GetSnapshot();

    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Gets each command, with the values of its parameters; returns what it fails with before it runs, or null.</summary>
    public Func<string, Exception?> OnCommand { get; set; } = _ => null;

    /// <summary>Another process on the same database.</summary>
    public ServiceProvider Build()
    {
        var services = new ServiceCollection();
        // Only the package's own: that of EF Core, with a broken sink, would break the database.
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddFilter("Microsoft", LogLevel.None)
            .AddFakeLogging(log => log.OutputSink = _ => ObjectDisposedException.ThrowIf(IsLogBroken, log)));
        services.AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment());
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IChatsClient>(Client);
        services.AddSingleton(this);
        if (_lifetime is { } lifetime)
        {
            services.TryAdd(new ServiceDescriptor(typeof(StageResponder), typeof(StageResponder), lifetime));
        }

        services.AddChatsResponder<StageResponder>(_configure).UseSqlite(ConnectionString);
        services.ConfigureDbContext<ResponderContext>(options => options.AddInterceptors(new Disk(this), new Spy(this)));
        services.AddHealthChecks().AddChatsResponder();
        var built = services.BuildServiceProvider();
        _processes.Add(built);
        return built;
    }

    public static IHostedService WorkerOf(IServiceProvider process) => process.GetServices<IHostedService>().Single(service => service is ResponderWorker);

    /// <summary>A handler without a worker, which claims nothing and renews no lease.</summary>
    public MessageHandler HandlerOf(Func<long, IChatsClient> clientOf) =>
        ActivatorUtilities.CreateInstance<MessageHandler>(Services, new ClientOfBusiness(clientOf));

    public static async Task<Stage> MigratedAsync(Action<ChatsResponderOptions>? configure = null, ServiceLifetime? lifetime = null)
    {
        var stage = new Stage(configure, lifetime);
        await stage.Store.MigrateAsync(CancellationToken.None);
        return stage;
    }

    /// <summary>With a worker, whose lease is long by default: on a slow machine, the clock might otherwise pass it during a commit.</summary>
    public static async Task<Stage> StartedAsync(Action<ChatsResponderOptions>? configure = null, ServiceLifetime? lifetime = null)
    {
        configure = (options => options.LeaseDuration = TimeSpan.FromHours(1)) + configure;
        var stage = await MigratedAsync(configure, lifetime);
        await stage.StartAsync();
        return stage;
    }

    public async Task<IHostedService> StartAsync()
    {
        var worker = WorkerOf(Services);
        await worker.StartAsync(CancellationToken.None);
        return worker;
    }

    /// <summary>Stops the worker while the clock runs.</summary>
    public async Task StopAsync()
    {
        var stopped = WorkerOf(Services).StopAsync(CancellationToken.None);
        while (!stopped.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromSeconds(0.25));
            await Task.Delay(1);
        }

        await stopped;
    }

    /// <summary>Adds a message, by default a buyer's, and sends its notification.</summary>
    public async Task ReceiveAsync(long messageId, string text = "Where is it?", long chat = Chat, ChatMessageSender from = ChatMessageSender.Customer)
    {
        Client.Add(messageId, from, text);
        await NotifyAsync(messageId, chat);
    }

    /// <summary>Receives a buyer's message, and waits until the worker has brought it to this state.</summary>
    public async Task HandleAsync(long messageId, MessageState state, string text = "Where is it?")
    {
        await ReceiveAsync(messageId, text);
        await UntilAsync(messageId, state);
    }

    /// <summary>Receives a buyer's message, and claims it in place of a worker.</summary>
    public async Task<MessageRow> ClaimedAsync(long messageId, long chat = Chat)
    {
        await ReceiveAsync(messageId, chat: chat);
        return (await Store.ClaimAsync(8, CancellationToken.None)).Single();
    }

    /// <summary>Claims what another worker has held until its lease expired.</summary>
    public async Task<MessageRow> TakenOverAsync()
    {
        Clock.Advance(TimeSpan.FromSeconds(61));
        return (await Store.ClaimAsync(8, CancellationToken.None)).Single();
    }

    public Task NotifyAsync(long messageId, long chat = Chat) => Store.OnChatMessageSentAsync(
        new ChatMessageSentNotification { BusinessId = Business, ChatId = chat, MessageId = messageId, SentAt = Clock.GetUtcNow() }, CancellationToken.None);

    public async Task<MessageRow> RowAsync(long messageId)
    {
        await using var context = await Services.GetRequiredService<IDbContextFactory<ResponderContext>>().CreateDbContextAsync();
        return await context.Messages.AsNoTracking().SingleAsync(message => message.MessageId == messageId);
    }

    public async Task<MessageState> StateAsync(long messageId) => (await RowAsync(messageId)).State;

    public async Task UntilAsync(long messageId, MessageState state, bool isAbandoned = false)
    {
        var last = Received;
        await UntilAsync(async () => (last = await StateAsync(messageId)) == state, () => $"Message {messageId} is {last}, not {state}.", isAbandoned);
    }

    public async Task UntilAllAsync(IEnumerable<int> messageIds, MessageState state)
    {
        foreach (var id in messageIds)
        {
            await UntilAsync(id, state);
        }
    }

    /// <summary>
    /// Moves the clock until the condition is true, in steps that become longer, up to a twelfth of the lease. While a worker holds a message, the
    /// clock moves in real time, so that a slow machine does not lose leases, unless the test has abandoned that message.
    /// </summary>
    public async Task UntilAsync(Func<Task<bool>> condition, Func<string>? otherwise = null, bool isAbandoned = false)
    {
        using var timeout = new CancellationTokenSource(Until.Timeout);
        var step = TimeSpan.FromMilliseconds(100);
        var longest = Services.GetRequiredService<IOptions<ChatsResponderOptions>>().Value.LeaseDuration / 12;
        longest = longest < _belowTheTimeouts ? longest : _belowTheTimeouts;
        for (var last = Stopwatch.GetTimestamp(); !await condition(); last = Stopwatch.GetTimestamp())
        {
            Assert.That(timeout.IsCancellationRequested, Is.False, otherwise?.Invoke());
            await Task.Delay(1);
            var isHeld = !isAbandoned && (await Store.CountOpenAsync(CancellationToken.None)).ContainsKey(Answering);
            Clock.Advance(isHeld ? Stopwatch.GetElapsedTime(last) : step);
            step = step * 1.2 < longest ? step * 1.2 : longest;
        }
    }

    /// <summary>Returns the last column of each row.</summary>
    public async Task<List<string>> ExecuteAsync(string command)
    {
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync();
        await using var text = connection.CreateCommand();
        text.CommandText = command;
        await using var reader = await text.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(reader.FieldCount - 1));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            var worker = (BackgroundService)WorkerOf(process);
            await worker.StopAsync(new CancellationToken(true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            for (var tries = 0; worker.ExecuteTask is { IsCompleted: false } && tries < 10_000; tries++)
            {
                Clock.Advance(TimeSpan.FromMinutes(1)); // Past the shutdown timeout.
                await Task.Delay(1);
            }

            await process.DisposeAsync();
        }

        // Only its own pool: other tests may be using theirs.
        await using var own = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(own);
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Disk(Stage stage) : DbConnectionInterceptor
    {
        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA max_page_count = {(stage.IsDiskFull ? 1 : int.MaxValue)}";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private sealed class Spy(Stage stage) : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) => new(See(command, result));

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) => new(See(command, result));

        private T See<T>(DbCommand command, T result)
        {
            stage.Commands.Enqueue(command.CommandText);
            var text = command.Parameters.Cast<DbParameter>().OrderByDescending(it => it.ParameterName.Length)
                .Aggregate(command.CommandText, (text, it) => text.Replace(it.ParameterName, $"'{it.Value}'", StringComparison.Ordinal));
            return stage.OnCommand(text) is { } failure ? throw failure : result;
        }
    }

    private sealed class StageResponder : IChatsResponder, IDisposable
    {
        private readonly Stage _stage;

        public StageResponder(Stage stage)
        {
            _stage = stage;
            Interlocked.Increment(ref stage._created);
        }

        public Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken) => _stage.Respond(message, cancellationToken);

        public void Dispose() => Interlocked.Increment(ref _stage._disposed);
    }
}
