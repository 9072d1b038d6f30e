namespace YandexMarket.Chats.Responder.Tests.Simulated;

/// <summary>A rule that a simulation breaks on purpose.</summary>
public enum Fault
{
    None,
    RetriesWhatMayHaveBeenSent,
    TakesOverABegunSend,
    RespondsBeforeItStores,
    LeavesABegunSend,
    KeepsADoubt,
    BelievesEverySend,
    RepliesToEverything,
}

/// <summary>Buyers ask questions in three chats, and processes run one after another until everything is resolved.</summary>
internal sealed class Simulation : IAsyncDisposable
{
    private const int Questions = 5;
    private readonly Queue<int> _dice;
    private readonly Fault _fault;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly FakeClient _client;
    private readonly List<string> _accepted = [];
    private readonly SqliteConnection _memory = new("Data Source=:memory:");
    private readonly ServiceProvider _services;
    private readonly List<(long Chat, long Id)> _notifications = [];
    private long _lastId = 100;
    private int _untilDeath;
    private CancellationTokenSource _life = new();

    /// <summary>The dice are the random decisions, in order; after the last one nothing goes wrong.</summary>
    public Simulation(IEnumerable<int> dice, Fault fault = Fault.None)
    {
        (_dice, _fault) = (new Queue<int>(dice), fault);
        _client = new FakeClient(_clock) { OnRead = _ => StepAsync(), OnSend = SendAsync };
        _memory.Open();
        _services = new ServiceCollection()
            .AddDbContextFactory<ResponderContext>(options => options.UseSqlite(_memory))
            .AddScoped<IChatsResponder>(_ => new Responder(this)).BuildServiceProvider();
    }

    public int Deaths { get; private set; }

    public async Task<List<Fate>> RunAsync()
    {
        var contexts = _services.GetRequiredService<IDbContextFactory<ResponderContext>>();
        await using (var context = await contexts.CreateDbContextAsync())
        {
            await context.Database.EnsureCreatedAsync();
        }

        var questions = Enumerable.Range(0, Questions).Select(_ => (Chat: (long)Roll(1, 4, well: 1), Id: _lastId++)).ToList();
        foreach (var (chat, id) in questions)
        {
            _client.Add(id, ChatMessageSender.Customer, $"{id}");
            _notifications.AddRange(Enumerable.Repeat((chat, id), Roll(1, 3, well: 1)));
        }

        for (var step = 0; step < 200 && (_notifications.Count > 0 || step == 0 || await OpenAsync() > 0); step++)
        {
            await LiveAsync(contexts);
            _clock.Advance(TimeSpan.FromSeconds(Roll(0, 90, well: 60)));
        }

        await using var end = await contexts.CreateDbContextAsync();
        var rows = await end.Messages.AsNoTracking().ToListAsync();
        return [.. questions.Select(it => new Fate(it.Id, WantsReply(it.Id), _accepted.Count(text => text == $"re: {it.Id}"), rows.Find(row => row.MessageId == it.Id)?.State))];

        async Task<int> OpenAsync()
        {
            await using var context = await contexts.CreateDbContextAsync();
            return await History.CountOpenAsync(context);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _memory.DisposeAsync();
        _life.Dispose();
    }

    /// <summary>Called at every await of the process; at one of them it dies, and nothing that it does afterwards has an effect.</summary>
    public async Task StepAsync()
    {
        if (_life.IsCancellationRequested || --_untilDeath == 0)
        {
            await _life.CancelAsync();
            throw new OperationCanceledException("Dead.", _life.Token);
        }
    }

    private static bool WantsReply(long id) => id % 5 != 0;

    private int Roll(int from, int to, int well) => _dice.TryDequeue(out var die) ? from + (die % (to - from)) : well;

    /// <summary>One process, from its start to its death, or until it has nothing to do.</summary>
    private async Task LiveAsync(IDbContextFactory<ResponderContext> contexts)
    {
        _life = new CancellationTokenSource();
        _untilDeath = Roll(1, 40, well: int.MaxValue);
        var options = Options.Create(new ChatsResponderOptions());
        var log = new ResponderLog(NullLogger<ResponderLog>.Instance);
        var store = new MessageStore(new MortalDatabase(new SqliteDatabase(contexts), contexts, this), options, _clock);
        var handler = new MessageHandler(store, new(_ => _client), _services.GetRequiredService<IServiceScopeFactory>(), options, _clock, log);
        if (_fault is Fault.TakesOverABegunSend)
        {
            await using var context = await contexts.CreateDbContextAsync();
            await context.Messages.Where(row => row.State == Answering)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.SendStartedAt, (long?)null));
        }

        try
        {
            for (var count = Roll(0, 4, well: 3); count > 0 && _notifications.Count > 0; count--)
            {
                var next = Roll(0, _notifications.Count, well: 0);
                var (chat, id) = _notifications[next];
                if (_fault is Fault.RespondsBeforeItStores)
                {
                    _notifications.RemoveAll(it => it == (chat, id)); // Copies too.
                    await store.StoreAsync(1, chat, id, _life.Token);
                    continue;
                }

                await store.StoreAsync(1, chat, id, _life.Token);
                _notifications.RemoveAt(next);
            }

            if (_fault is not Fault.LeavesABegunSend)
            {
                await store.DoubtAbandonedAsync(_life.Token);
            }

            if (_fault is not Fault.KeepsADoubt)
            {
                await store.ExpireAsync(_life.Token);
            }

            foreach (var row in await store.ClaimAsync(4, _life.Token))
            {
                await handler.HandleAsync(row, _life.Token, _life.Token, _life.Token);
            }
        }
        catch (Exception) when (_life.IsCancellationRequested)
        {
            Deaths++;
        }
    }

    /// <summary>Sends up to two notifications of an accepted message, sometimes none.</summary>
    private async Task SendAsync((long ChatId, string Text) message, CancellationToken cancellationToken)
    {
        await StepAsync();
        var ending = Roll(0, 10, well: 9);
        if (ending < 2)
        {
            if (_fault is Fault.BelievesEverySend)
            {
                return;
            }

            throw ending == 0 ? FakeClient.Unsent() : FakeClient.Doubtful();
        }

        var id = _lastId++;
        _client.Add(id, ChatMessageSender.Partner, message.Text);
        _accepted.Add(message.Text);
        _notifications.AddRange(Enumerable.Repeat((message.ChatId, id), Roll(0, 3, well: 1)));
        await StepAsync(); // It may die before the response arrives.
        if (ending < 5)
        {
            throw _fault is Fault.RetriesWhatMayHaveBeenSent ? FakeClient.Unsent() : FakeClient.Doubtful();
        }
    }

    private sealed class Responder(Simulation simulation) : IChatsResponder
    {
        public async Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken)
        {
            await simulation.StepAsync();
            return WantsReply(message.Message.MessageId) || simulation._fault is Fault.RepliesToEverything ? $"re: {message.Text}" : null;
        }
    }

    private sealed class MortalDatabase(SqliteDatabase inner, IDbContextFactory<ResponderContext> contexts, Simulation simulation) : ResponderDatabase(contexts)
    {
        public override async Task<T> WriteAsync<T>(Func<ResponderContext, Task<T>> work, CancellationToken cancellationToken)
        {
            await simulation.StepAsync();
            var result = await inner.WriteAsync(work, CancellationToken.None);
            await simulation.StepAsync(); // It may die after the commit, without knowing of it.
            return result;
        }

        protected override async Task<ResponderContext> CreateContextAsync(CancellationToken cancellationToken)
        {
            await simulation.StepAsync();
            return await base.CreateContextAsync(CancellationToken.None);
        }
    }
}
