using Npgsql;

// In the namespace of all tests, because the fixture stops the server after them.
namespace YandexMarket.Chats.Responder.Tests;

/// <summary>A PostgreSQL for the tests, on a free loopback port, with the programs of Debian's package.</summary>
[SetUpFixture]
public sealed class PostgreSqlServer
{
    private static readonly string? _programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    private static readonly Lazy<Task<int>> _port = new(StartAsync);
    private static string? _folder;
    private static int _databases;

    /// <summary>Creates an empty database. Without PostgreSQL the test is ignored; with CI=true it fails.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        if (_programs is null)
        {
            const string Missing = "There is no PostgreSQL: apt-get install postgresql.";
            Assert.That(Environment.GetEnvironmentVariable("CI"), Is.Not.EqualTo("true").IgnoreCase, Missing);
            Assert.Ignore(Missing);
        }

        var server = $"Host=127.0.0.1;Port={await _port.Value};Username=postgres;Maximum Pool Size=30;Database=";
        var name = $"chats_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(server + "postgres");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return server + name;
    }

    [OneTimeTearDown]
    public static async Task StopAsync()
    {
        if (_folder is not null)
        {
            await RunAsync($"{_programs}/pg_ctl", "stop", "-D", _folder, "-m", "immediate");
            await RunAsync("rm", "-r", _folder);
        }
    }

    private static async Task<int> StartAsync()
    {
        _folder = (await RunAsync("mktemp", "-d", "-t", "chats-postgresql-XXXXXX")).Trim();
        await RunAsync($"{_programs}/initdb", "-D", _folder, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C");
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            try
            {
                // It logs to a file: a pipe that the server inherits would never be closed.
                await RunAsync(
                    $"{_programs}/pg_ctl", "start", "-w", "-D", _folder, "-l", $"{_folder}/log", "-o", $"-p {port} -c listen_addresses=127.0.0.1 -c max_connections=300 -k {_folder}");
                return port;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // Another program took the port meanwhile.
            }
        }
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The server does not run as root, so root runs it as the user postgres.</summary>
    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) = (true, true, "/tmp");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await errors}");
    }
}
