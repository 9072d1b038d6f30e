using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using YandexMarket.Chats.Responder.Storage;
using YandexMarket.Chats.Responder.Tests.Kill;
using YandexMarket.Chats.Responder.Tests.Support;
using YandexMarket.Chats.Responder.Work;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>
/// Runs in virtual time: notifications that are duplicated, late and out of order, sends that end in every way, and a process that dies at any await.
/// A seed is one run. CHATS_SIMULATIONS sets how many (default 20).
/// </summary>
[NonParallelizable]
public sealed class SimulationTests
{
    private const string Resent = "What may have been sent is retried";
    private const string TakenOver = "A begun send is taken over";
    private const string EarlyResponse = "The 200 goes out before the message is stored";

    private static readonly int _runs = int.TryParse(Environment.GetEnvironmentVariable("CHATS_SIMULATIONS"), out var runs) ? runs : 20;

    [Test]
    public async Task No_crash_breaks_a_rule()
    {
        var (deaths, fates) = (0, new List<Fate>());
        for (var seed = 0; seed < _runs; seed++)
        {
            await using var run = new Simulation(seed);
            var ended = await run.RunAsync();
            Assert.That(History.Violations(ended), Is.Empty, $"Seed {seed}");
            deaths += run.Deaths;
            fates.AddRange(ended);
        }

        var byState = fates.GroupBy(fate => fate.State).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}");
        await TestContext.Progress.WriteLineAsync($"{_runs} simulations: {deaths} deaths, {string.Join(", ", byState)}");
        Assert.That(deaths, Is.GreaterThan(_runs));
        Assert.That(fates.Select(fate => fate.State), Has.Member(MessageState.NeedsAttention).And.Member(MessageState.Sent));
    }

    /// <summary>Each rule bites: without it the checker finds what it prevents.</summary>
    [TestCase(Resent)]
    [TestCase(TakenOver)]
    [TestCase(EarlyResponse)]
    public async Task A_broken_rule_is_found(string rule)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            await using var run = new Simulation(seed, rule);
            if (History.Violations(await run.RunAsync()).Any())
            {
                Assert.Pass($"Found with seed {seed}.");
            }
        }

        Assert.Fail("Nobody noticed.");
    }

    private sealed class Simulation : IAsyncDisposable
    {
        private const int Questions = 5;
        private readonly Random _dice;
        private readonly string? _broken;
        private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        private readonly Service _client;
        private readonly SqliteConnection _memory = new("Data Source=:memory:");
        private readonly ServiceProvider _services;
        private readonly List<(long Chat, long Id)> _notifications = [];
        private long _lastId = 100;
        private int _untilDeath;
        private CancellationTokenSource _life = new();

        public Simulation(int seed, string? broken = null)
        {
            (_dice, _broken) = (new Random(seed), broken);
            _client = new Service(this);
            _memory.Open();
            _services = new ServiceCollection()
                .AddDbContextFactory<SqliteContext>(options => options.UseSqlite(_memory))
                .AddScoped<IChatsResponder>(_ => new Responder(this)).BuildServiceProvider();
        }

        public int Deaths { get; private set; }

        public async Task<List<Fate>> RunAsync()
        {
            var contexts = _services.GetRequiredService<IDbContextFactory<SqliteContext>>();
            await using (var context = await contexts.CreateDbContextAsync())
            {
                await context.Database.EnsureCreatedAsync();
            }

            var questions = Enumerable.Range(0, Questions).Select(_ => (Chat: (long)_dice.Next(1, 4), Id: _lastId++)).ToList();
            foreach (var (chat, id) in questions)
            {
                Write(id, ChatMessageSender.Customer, $"{id}");
                _notifications.AddRange(Enumerable.Repeat((chat, id), _dice.Next(1, 3)));
            }

            for (var step = 0; step < 200 && (_notifications.Count > 0 || step == 0 || await OpenAsync() > 0); step++)
            {
                await LiveAsync(contexts);
                _clock.Advance(TimeSpan.FromSeconds(_dice.Next(90)));
            }

            await using var end = await contexts.CreateDbContextAsync();
            var rows = await end.Messages.AsNoTracking().ToListAsync();
            return [.. questions.Select(it => new Fate(it.Id, true, _client.Taken.Count(text => text == $"re: {it.Id}"), rows.Find(row => row.MessageId == it.Id)?.State))];

            async Task<int> OpenAsync()
            {
                await using var context = await contexts.CreateDbContextAsync();
                return await context.Messages.CountAsync(row =>
                    row.State == MessageState.Received || row.State == MessageState.Answering || row.State == MessageState.InDoubt);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _services.DisposeAsync();
            await _memory.DisposeAsync();
            _life.Dispose();
        }

        /// <summary>Any await of the process; at one of them it dies. What it does after that reaches nothing.</summary>
        public async Task StepAsync()
        {
            if (_life.IsCancellationRequested || --_untilDeath == 0)
            {
                await _life.CancelAsync();
                throw new OperationCanceledException("Dead.", _life.Token);
            }
        }

        private void Write(long id, ChatMessageSender sender, string text) => _client.Messages[id] =
            new ChatMessage { MessageId = id, Sender = sender, Message = text, CreatedAt = _clock.GetUtcNow() };

        /// <summary>One process, from its start to its death, or until it has nothing more to do.</summary>
        private async Task LiveAsync(IDbContextFactory<SqliteContext> contexts)
        {
            _life = new CancellationTokenSource();
            _untilDeath = _dice.Next(1, 40);
            var options = new ChatsResponderOptions();
            var log = new ResponderLog(NullLogger<ResponderLog>.Instance);
            var store = new MessageStore(new MortalDatabase(new SqliteDatabase(contexts), contexts, this), options, _clock);
            var handler = new MessageHandler(
                store, _client, _services.GetRequiredService<IServiceScopeFactory>(), options, _clock, new AttentionCallback(options, _clock, log), log);
            if (_broken == TakenOver)
            {
                await using var context = await contexts.CreateDbContextAsync();
                await context.Messages.Where(row => row.State == MessageState.Answering)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.SendStartedAt, (long?)null));
            }

            try
            {
                for (var count = _dice.Next(4); count > 0 && _notifications.Count > 0; count--)
                {
                    var next = _dice.Next(_notifications.Count);
                    var (chat, id) = _notifications[next];
                    if (_broken == EarlyResponse)
                    {
                        _notifications.RemoveAt(next);
                        await store.StoreAsync(1, chat, id, _life.Token);
                        continue;
                    }

                    await store.StoreAsync(1, chat, id, _life.Token);
                    _notifications.RemoveAt(next);
                }

                await store.DoubtAbandonedAsync(_life.Token);
                await store.ExpireAsync(_life.Token);
                foreach (var row in await store.ClaimAsync(4, _life.Token))
                {
                    await handler.HandleAsync(row, _life.Token, _life.Token);
                }
            }
            catch (Exception) when (_life.IsCancellationRequested)
            {
                Deaths++;
            }
        }

        /// <summary>The service: what is taken is notified, up to twice, and now and then not at all.</summary>
        private sealed class Service(Simulation simulation) : IChatsClient
        {
            public Dictionary<long, ChatMessage> Messages { get; } = [];

            public List<string> Taken { get; } = [];

            public async Task<ChatMessage> GetChatMessageAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default)
            {
                await simulation.StepAsync();
                return Messages[messageId];
            }

            public async Task SendMessageToChatAsync(long businessId, long chatId, string message, CancellationToken cancellationToken = default)
            {
                await simulation.StepAsync();
                var ending = simulation._dice.Next(10);
                if (ending < 2)
                {
                    throw ending == 0 ? FakeClient.Unsent() : FakeClient.Doubtful();
                }

                var id = simulation._lastId++;
                simulation.Write(id, ChatMessageSender.Partner, message);
                Taken.Add(message);
                simulation._notifications.AddRange(Enumerable.Repeat((chatId, id), simulation._dice.Next(3)));
                await simulation.StepAsync(); // It dies while the response is on its way.
                if (ending < 5)
                {
                    throw simulation._broken == Resent ? FakeClient.Unsent() : FakeClient.Doubtful();
                }
            }
        }

        private sealed class Responder(Simulation simulation) : IChatsResponder
        {
            public async Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken)
            {
                await simulation.StepAsync();
                return $"re: {message.Text}";
            }
        }

        private sealed class MortalDatabase(SqliteDatabase inner, IDbContextFactory<SqliteContext> contexts, Simulation simulation) : ResponderDatabase
        {
            public override Task MigrateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

            public override async Task<T> WriteAsync<T>(Func<ResponderContext, Task<T>> work, CancellationToken cancellationToken)
            {
                await simulation.StepAsync();
                var result = await inner.WriteAsync(work, CancellationToken.None);
                await simulation.StepAsync(); // It is committed, and nobody hears of it.
                return result;
            }

            public override Task<T> ClaimAsync<T>(Func<ResponderContext, Task<T>> work, CancellationToken cancellationToken) => WriteAsync(work, cancellationToken);

            protected override async Task<ResponderContext> CreateContextAsync(CancellationToken cancellationToken)
            {
                await simulation.StepAsync();
                return await contexts.CreateDbContextAsync(CancellationToken.None);
            }
        }
    }
}
