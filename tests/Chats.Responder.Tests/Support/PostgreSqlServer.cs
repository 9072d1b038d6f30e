using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

// In the namespace of all tests, because the fixture stops the server after them.
namespace YandexMarket.Chats.Responder.Tests;

/// <summary>A PostgreSQL for the tests, on a free loopback port, with the programs of Debian's package.</summary>
[SetUpFixture]
public sealed class PostgreSqlServer
{
    private static readonly Lazy<Task<PostgreSqlServer>> _server = new(StartAsync);
    private static int _databases;

    private readonly string _programs = "";
    private readonly string _folder = "";
    private readonly int _port;

    public PostgreSqlServer()
    {
    }

    private PostgreSqlServer(string programs, string folder, int port) => (_programs, _folder, _port) = (programs, folder, port);

    /// <summary>Creates an empty database. Without PostgreSQL the test is ignored; with CI=true it fails.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        if (FindPrograms() is null)
        {
            const string Missing = "There is no PostgreSQL: apt-get install postgresql.";
            Assert.That(Environment.GetEnvironmentVariable("CI"), Is.Not.EqualTo("true").IgnoreCase, Missing);
            Assert.Ignore(Missing);
        }

        var server = await _server.Value;
        var name = $"chats_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return server.ConnectionString(name);
    }

    [OneTimeTearDown]
    public static async Task StopAsync()
    {
        if (_server.IsValueCreated)
        {
            var server = await _server.Value;
            await RunAsync(Path.Combine(server._programs, "pg_ctl"), "stop", "-D", server._folder, "-m", "immediate");
            await RunAsync("rm", "-r", server._folder);
        }
    }

    private static string? FindPrograms() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    private static async Task<PostgreSqlServer> StartAsync()
    {
        var programs = FindPrograms()!;
        var folder = (await RunAsync("mktemp", "-d", "-t", "chats-postgresql-XXXXXX")).Trim();
        await RunAsync(Path.Combine(programs, "initdb"), "-D", folder, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C");
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            try
            {
                // It logs to a file: a pipe that the server inherits would never be closed.
                await RunAsync(Path.Combine(programs, "pg_ctl"), "start", "-w", "-D", folder, "-l", $"{folder}/log", "-o", $"-p {port} -c listen_addresses=127.0.0.1 -c max_connections=300 -k {folder}");
                return new PostgreSqlServer(programs, folder, port);
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
                // Another program took the port meanwhile.
            }
        }
    }

    private static int FreePort()
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

    private string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Maximum Pool Size=30";
}
