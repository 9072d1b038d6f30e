using System.Globalization;
using Microsoft.EntityFrameworkCore;
using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Tests.Kill;

/// <summary>
/// Real processes, killed at random points. CI kills 12 times. The long version, CHATS_KILLS=200, has to run without the timeout for hanging tests:
/// CI=true CHATS_KILLS=200 dotnet test tests/Chats.Responder.Tests --filter KillTests -p:RunSettingsFilePath=
/// </summary>
[Slow]
[NonParallelizable]
public sealed class KillTests
{
    private static readonly int _kills = Number("CHATS_KILLS") ?? 12;
    private static readonly int _seed = Number("CHATS_SEED") ?? Environment.TickCount & 0xFFFF;

    [Test]
    public async Task Sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("kill-").FullName;
        var connection = $"Data Source={Path.Combine(folder, "chats.db")}";
        await new KillRun(_seed, _kills, 1, new() { ["ConnectionStrings__Sqlite"] = connection }, () =>
            new SqliteContext(new DbContextOptionsBuilder<SqliteContext>().UseSqlite(connection).Options)).RunAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public Task PostgreSql() => PostgreSqlAsync(1);

    [Test]
    public Task Three_processes_on_one_PostgreSql() => PostgreSqlAsync(3);

    private static async Task PostgreSqlAsync(int processes)
    {
        var connection = await PostgreSqlServer.CreateDatabaseAsync();
        await new KillRun(_seed, _kills, processes, new() { ["ConnectionStrings__PostgreSql"] = connection }, () =>
            new PostgreSqlContext(new DbContextOptionsBuilder<PostgreSqlContext>().UseNpgsql(connection).Options)).RunAsync();
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
