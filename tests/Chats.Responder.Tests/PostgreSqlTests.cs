using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using YandexMarket.Chats.Responder.Storage;
using YandexMarket.Samples;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>The migrations and claims of PostgreSQL.</summary>
[Slow]
[NonParallelizable]
public sealed class PostgreSqlTests
{
    private const string Columns =
        "SELECT string_agg(column_name || ' ' || data_type || ' ' || is_nullable, ', ' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_name = 'ChatsMessages' "
        + "UNION ALL SELECT string_agg(indexdef, ', ' ORDER BY indexname) FROM pg_indexes WHERE tablename = 'ChatsMessages'";

    [Test]
    public async Task The_migrations_create_the_schema_of_the_model_even_if_processes_start_at_once()
    {
        var (migrated, created) = (await PostgreSqlServer.CreateDatabaseAsync(), await PostgreSqlServer.CreateDatabaseAsync());
        await using var services = Build(migrated);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => services.GetRequiredService<ResponderDatabase>().MigrateAsync(CancellationToken.None)));
        await using (var context = new PostgreSqlContext(new DbContextOptionsBuilder<PostgreSqlContext>().UseNpgsql(created).Options))
        {
            await context.Database.EnsureCreatedAsync();
        }

        Assert.That(await QueryAsync(migrated), Is.EqualTo(await QueryAsync(created)).And.Exactly(2).Items);
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
    }

    [Test]
    public async Task A_commit_waits_for_the_disk_even_if_the_database_is_set_to_lose_commits()
    {
        var database = await PostgreSqlServer.CreateDatabaseAsync();
        await using var services = Build(database + ";Options=-c synchronous_commit=off");
        Task<string> SettingAsync(ResponderContext context) =>
            context.Database.SqlQueryRaw<string>("SELECT current_setting('synchronous_commit') AS \"Value\"").SingleAsync();
        var storage = services.GetRequiredService<ResponderDatabase>();

        Assert.That(await storage.WriteAsync(SettingAsync, CancellationToken.None), Is.EqualTo("on"));
        Assert.That(await storage.ClaimAsync(SettingAsync, CancellationToken.None), Is.EqualTo("off"), "A claim need not survive a crash.");
        Assert.That(await storage.ReadAsync(SettingAsync, CancellationToken.None), Is.EqualTo("off"), "The connection is as it was.");
    }

    [Test]
    public async Task The_server_ends_a_transaction_whose_process_goes_silent()
    {
        var settings = new Settings();
        await using var services = Build(
            await PostgreSqlServer.CreateDatabaseAsync(), all => all.ConfigureDbContext<PostgreSqlContext>(options => options.AddInterceptors(settings)));
        var storage = services.GetRequiredService<ResponderDatabase>();
        await storage.MigrateAsync(CancellationToken.None);
        Assert.That(settings.Timeouts, Is.Not.Empty.And.All.EqualTo("10s"), "The migration.");
        await storage.WriteAsync(_ => Task.FromResult(true), CancellationToken.None);
        await storage.ClaimAsync(_ => Task.FromResult(true), CancellationToken.None);

        Assert.That(settings.Timeouts, Has.Count.GreaterThanOrEqualTo(3).And.All.EqualTo("10s"));
        Assert.That(
            await storage.ReadAsync(context => context.Database.SqlQueryRaw<string>($"{Settings.Query} AS \"Value\"").SingleAsync(), CancellationToken.None),
            Is.EqualTo("0"),
            "The connection is as it was.");
    }

    private static ServiceProvider Build(string database, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddChatsResponder<SupportResponder>().UsePostgreSql(database);
        configure?.Invoke(services);
        return services.BuildServiceProvider();
    }

    private static async Task<List<string>> QueryAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Columns, connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    /// <summary>Asks for the timeout at the end of each transaction.</summary>
    private sealed class Settings : DbTransactionInterceptor
    {
        public const string Query = "SELECT current_setting('idle_in_transaction_session_timeout')";

        public List<string> Timeouts { get; } = [];

        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            await using var command = new NpgsqlCommand(Query, (NpgsqlConnection)transaction.Connection!, (NpgsqlTransaction)transaction);
            Timeouts.Add((string)(await command.ExecuteScalarAsync(cancellationToken))!);
            return result;
        }
    }
}
