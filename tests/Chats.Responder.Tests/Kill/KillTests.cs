namespace YandexMarket.Chats.Responder.Tests.Kill;

/// <summary>
/// Real processes, killed at random points. CI kills 6 times, of three processes 12. The long version, CHATS_KILLS=200, has to run without the
/// timeout for hanging tests: CI=true CHATS_KILLS=200 dotnet test tests/Chats.Responder.Tests --filter KillTests -p:RunSettingsFilePath=
/// </summary>
[Slow]
[NonParallelizable]
public sealed class KillTests
{
    private static readonly int _kills = int.TryParse(Environment.GetEnvironmentVariable("CHATS_KILLS"), out var kills) ? kills : 6;

    [Test]
    public async Task Sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("kill-").FullName;
        var connection = $"Data Source={Path.Combine(folder, "chats.db")}";
        await new KillRun(Seeds.Seed, _kills, 1, new() { ["ConnectionStrings__Sqlite"] = connection }, () =>
            new ResponderContext(new DbContextOptionsBuilder<ResponderContext>().UseSqlite(connection).Options)).RunAsync();
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
        await new KillRun(Seeds.Seed, _kills * Math.Min(processes, 2), processes, new() { ["ConnectionStrings__PostgreSql"] = connection }, () =>
            new ResponderContext(new DbContextOptionsBuilder<ResponderContext>().UseNpgsql(connection).Options)).RunAsync();
    }
}
