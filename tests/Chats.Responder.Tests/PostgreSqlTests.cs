using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using YandexMarket.Chats.Responder.Storage;
using YandexMarket.Chats.Responder.Tests.Support;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>What is PostgreSQL's own; and how fast both are.</summary>
[Slow]
[NonParallelizable]
public sealed class PostgreSqlTests
{
    private const string Columns =
        "SELECT string_agg(column_name || ' ' || data_type || ' ' || is_nullable, ', ' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_name = 'ChatsMessages' "
        + "UNION ALL SELECT string_agg(indexdef, ', ' ORDER BY indexname) FROM pg_indexes WHERE tablename = 'ChatsMessages'";

    [Test]
    public async Task The_migrations_make_the_schema_of_the_model_also_when_processes_start_at_once()
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
    public async Task Claims_of_many_connections_share_the_chats_and_never_a_chat()
    {
        await using var services = Build(await PostgreSqlServer.CreateDatabaseAsync());
        var store = services.GetRequiredService<MessageStore>();
        await store.MigrateAsync(CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(1, 200).Select(id => store.StoreAsync(1, id % 50, id, CancellationToken.None)));
        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.ClaimAsync(5, CancellationToken.None)));

        Assert.That(claims.SelectMany(rows => rows).Select(row => row.ChatId), Is.Unique.And.Exactly(50).Items);
        Assert.That(claims.SelectMany(rows => rows).Select(row => row.MessageId), Is.All.LessThan(51), "The earliest of each chat.");
    }

    /// <summary>The figures are printed, and nothing more: a busy machine must not fail the check.</summary>
    [TestCase("SQLite")]
    [TestCase("PostgreSQL")]
    public async Task Throughput(string database)
    {
        const int Messages = 2000;
        var folder = Directory.CreateTempSubdirectory("throughput-").FullName;
        var postgreSql = database == "PostgreSQL" ? await PostgreSqlServer.CreateDatabaseAsync() : null;
        var client = new FakeClient(TimeProvider.System);
        await using var services = Build(postgreSql, $"Data Source={Path.Combine(folder, "chats.db")}", client);
        var store = services.GetRequiredService<MessageStore>();
        await store.MigrateAsync(CancellationToken.None);

        var time = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(1, Messages), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (id, token) =>
        {
            client.Add(id, ChatMessageSender.Customer, $"{id}");
            await store.StoreAsync(1, id % 200, id, token);
        });
        var stored = Messages / time.Elapsed.TotalSeconds;

        time.Restart();
        await Stage.WorkerOf(services).StartAsync(CancellationToken.None);
        while (client.Sent.Count < Messages && time.Elapsed < TimeSpan.FromSeconds(100))
        {
            await Task.Delay(20);
        }

        var answered = client.Sent.Count / time.Elapsed.TotalSeconds;
        await Stage.WorkerOf(services).StopAsync(CancellationToken.None);
        await TestContext.Progress.WriteLineAsync($"{database}: {stored:0} notifications stored per second, {answered:0} answers per second");
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);

        Assert.That(client.Sent, Is.Unique.And.Exactly(Messages).Items);
    }

    private static ServiceProvider Build(string? postgreSql, string sqlite = "", FakeClient? client = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IChatsClient>(client ?? new FakeClient(TimeProvider.System));
        var responder = services.AddChatsResponder<Echo>(options => options.MaxConcurrency = 16);
        _ = postgreSql is null ? responder.UseSqlite(sqlite) : responder.UsePostgreSql(postgreSql);
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

    private sealed class Echo : IChatsResponder
    {
        public Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken) => Task.FromResult<string?>($"re: {message.Text}");
    }
}
