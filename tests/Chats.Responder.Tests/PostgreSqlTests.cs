using System.Transactions;
using Npgsql;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>The migrations and claims of PostgreSQL.</summary>
[Slow]
[NonParallelizable]
public sealed class PostgreSqlTests
{
    private const string Schema =
        "SELECT string_agg(column_name || ' ' || data_type || ' ' || is_nullable, ', ' ORDER BY ordinal_position) AS \"Value\" FROM information_schema.columns WHERE table_name = 'ChatsMessages' "
        + "UNION ALL SELECT string_agg(indexdef, ', ' ORDER BY indexname) FROM pg_indexes WHERE tablename = 'ChatsMessages'";

    [Test]
    public async Task The_migrations_create_the_schema_of_the_model_even_if_processes_start_at_once()
    {
        var (migrated, created) = (await PostgreSqlServer.CreateDatabaseAsync(), await PostgreSqlServer.CreateDatabaseAsync());
        await using var services = Build(migrated);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => services.GetRequiredService<ResponderDatabase>().MigrateAsync(CancellationToken.None)));
        await using (var context = Context(created))
        {
            await context.Database.EnsureCreatedAsync();
        }

        Assert.That(await SchemaAsync(migrated), Is.EqualTo(await SchemaAsync(created)).And.Exactly(2).Items);
    }

    [Test]
    public async Task Concurrent_claims_never_get_messages_of_the_same_chat()
    {
        await using var services = Build(await PostgreSqlServer.CreateDatabaseAsync());
        var store = services.GetRequiredService<MessageStore>();
        await store.MigrateAsync(CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(1, 200).Select(id => store.StoreAsync(1, id % 50, id, CancellationToken.None)));
        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.ClaimAsync(5, CancellationToken.None)));

        Assert.That(claims.SelectMany(rows => rows).Select(row => row.ChatId), Is.Unique.And.Exactly(50).Items);
        Assert.That(claims.SelectMany(rows => rows).Select(row => row.MessageId), Is.All.LessThan(51), "The earliest of each chat.");
        Assert.That(await store.CorrectTimesAsync(CancellationToken.None), Is.Zero, "No clock was ahead.");
    }

    [Test]
    public async Task A_commit_waits_for_the_disk_and_the_server_ends_a_transaction_whose_process_goes_silent()
    {
        var settings = new Settings();
        await using var services = Build(
            await PostgreSqlServer.CreateDatabaseAsync() + ";Options=-c synchronous_commit=off", // Set to lose commits.
            all => all.ConfigureDbContext<ResponderContext>(options => options.AddInterceptors(settings)));
        var storage = services.GetRequiredService<ResponderDatabase>();
        await storage.MigrateAsync(CancellationToken.None);
        Assert.That(settings.Found, Is.Not.Empty.And.All.EndsWith(" 10s"), "The migration.");

        settings.Found.Clear();
        await storage.WriteAsync(_ => Task.FromResult(true), CancellationToken.None);
        await storage.ClaimAsync(_ => Task.FromResult(true), CancellationToken.None);
        Assert.That(settings.Found, Is.EqualTo(new[] { "on 10s", "off 10s" }), "A claim need not survive a crash.");

        Assert.That(
            await storage.RunAsync(context => context.Database.SqlQueryRaw<string>(Settings.Query).SingleAsync(), CancellationToken.None),
            Is.EqualTo("off 0"),
            "The connection is as it was.");
    }

    [Test]
    public async Task A_proof_does_not_reach_a_message_that_was_released_meanwhile()
    {
        var release = new BeforeProof();
        await using var services = Build(
            await PostgreSqlServer.CreateDatabaseAsync(), all => all.ConfigureDbContext<ResponderContext>(options => options.AddInterceptors(release)));
        var store = services.GetRequiredService<MessageStore>();
        await store.MigrateAsync(CancellationToken.None);
        var sent = await ClaimedAsync(10);
        await store.BeginSendAsync(sent, "The same.", CancellationToken.None);
        await store.DoubtAsync(sent, "Cut.", CancellationToken.None);
        var own = await ClaimedAsync(11);
        release.Action = () => store.ReleaseAsync(sent, CancellationToken.None);

        Assert.That(await store.ProveAsync(own, "The same.", DateTimeOffset.UtcNow, CancellationToken.None), Is.False);

        var row = await services.GetRequiredService<ResponderDatabase>()
            .RunAsync(context => context.Messages.AsNoTracking().SingleAsync(row => row.MessageId == 10), CancellationToken.None);
        Assert.That((row.State, row.SentMessageId), Is.EqualTo((MessageState.Received, (long?)null)));

        async Task<MessageRow> ClaimedAsync(long id)
        {
            await store.StoreAsync(1, 2, id, CancellationToken.None);
            return (await store.ClaimAsync(1, CancellationToken.None)).Single();
        }
    }

    [Test]
    public async Task Only_the_first_start_needs_the_right_to_create_tables_and_a_table_of_the_applications_migrations_does_not_matter()
    {
        var database = await PostgreSqlServer.CreateDatabaseAsync();
        await using var owner = Build(database);
        await using var context = Context(database);
        await context.Database.ExecuteSqlRawAsync("CREATE TABLE \"__EFMigrationsHistory\" (migration_id text PRIMARY KEY, product_version text)");
        await owner.GetRequiredService<MessageStore>().MigrateAsync(CancellationToken.None);
        await context.Database.ExecuteSqlRawAsync("CREATE ROLE bot LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO bot");

        await using var services = Build(database + ";Username=bot");
        var store = services.GetRequiredService<MessageStore>();
        await store.MigrateAsync(CancellationToken.None);
        await store.StoreAsync(1, 2, 3, CancellationToken.None);

        Assert.That(await store.ClaimAsync(1, CancellationToken.None), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_machine_whose_clock_is_ahead_does_not_delete_what_is_not_old()
    {
        var database = await PostgreSqlServer.CreateDatabaseAsync();
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(31));
        await using var services = Build(database, all => all.AddSingleton<TimeProvider>(clock));
        await using var other = Build(database);
        var (ahead, right) = (services.GetRequiredService<MessageStore>(), other.GetRequiredService<MessageStore>());
        await right.MigrateAsync(CancellationToken.None);
        await right.StoreAsync(1, 2, 3, CancellationToken.None);
        await right.FinishAsync((await right.ClaimAsync(1, CancellationToken.None)).Single(), CancellationToken.None);

        await ahead.RemoveOldAsync(CancellationToken.None);

        Assert.That(await right.StoreAsync(1, 2, 3, CancellationToken.None), Is.False, "It is known.");
    }

    [Test]
    public async Task While_the_server_is_down_the_inbox_throws_the_exception_of_the_database()
    {
        using var closed = new ClosedPort();
        var server = new NpgsqlConnectionStringBuilder(await PostgreSqlServer.CreateDatabaseAsync()) { Host = "127.0.0.1", Port = closed.Number };
        await using var services = Build($"{server}");

        var failure = Assert.CatchAsync<DbException>(() => services.GetRequiredService<IChatsResponderInbox>().ListAsync());

        Assert.That(Work.ResponderLog.Describe((await failure)!), Is.EqualTo("NpgsqlException SocketException"));
    }

    [Test]
    public async Task A_message_is_stored_and_resolved_outside_of_the_transaction_of_the_caller()
    {
        await using var services = Build(await PostgreSqlServer.CreateDatabaseAsync());
        var store = services.GetRequiredService<MessageStore>();
        await store.MigrateAsync(CancellationToken.None);

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            Assert.That(await store.StoreAsync(1, 2, 3, CancellationToken.None));
            Assert.That(await store.ListAsync(), Is.Empty);
        }

        Assert.That(await store.StoreAsync(1, 2, 3, CancellationToken.None), Is.False, "It was not rolled back.");
    }

    private static ServiceProvider Build(string database, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddChatsResponder<SupportResponder>().UsePostgreSql(database);
        configure?.Invoke(services);
        return services.BuildServiceProvider();
    }

    private static async Task<List<string>> SchemaAsync(string database)
    {
        await using var context = Context(database);
        return await context.Database.SqlQueryRaw<string>(Schema).ToListAsync();
    }

    private static ResponderContext Context(string database) => new(new DbContextOptionsBuilder<ResponderContext>().UseNpgsql(database).Options);

    /// <summary>Does something between the read and the update of a proof.</summary>
    private sealed class BeforeProof : DbCommandInterceptor
    {
        public Func<Task> Action { get; set; } = () => Task.CompletedTask;

        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains("SET \"SentMessageId\"", StringComparison.Ordinal))
            {
                await Action();
            }

            return result;
        }
    }

    /// <summary>Asks for both settings at the end of each transaction.</summary>
    private sealed class Settings : DbTransactionInterceptor
    {
        public const string Query = "SELECT current_setting('synchronous_commit') || ' ' || current_setting('idle_in_transaction_session_timeout') AS \"Value\"";

        public List<string> Found { get; } = [];

        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            await using var command = new NpgsqlCommand(Query, (NpgsqlConnection)transaction.Connection!, (NpgsqlTransaction)transaction);
            Found.Add((string)(await command.ExecuteScalarAsync(cancellationToken))!);
            return result;
        }
    }
}
