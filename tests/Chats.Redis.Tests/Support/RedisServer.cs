namespace YandexMarket.Chats.Redis.Tests;

/// <summary>A Redis for the tests, on a free loopback port, with the program of Debian's package redis-server. It stores nothing on disk.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly string _program = "/usr/bin/redis-server";

    private readonly string[] _more;
    private readonly string _folder;
    private Process _process = null!;
    private ConnectionMultiplexer? _connection;

    private RedisServer(string folder, string[] more) => (_folder, _more) = (folder, more);

    public int Port { get; private set; }

    public string Configuration => $"127.0.0.1:{Port},allowAdmin=true";

    /// <summary>Without Redis the test is ignored; with CI=true it fails.</summary>
    public static async Task<RedisServer> StartAsync(params string[] more)
    {
        SlowAttribute.Require(File.Exists(_program), "There is no Redis: apt-get install redis-server.");
        var server = new RedisServer(Directory.CreateTempSubdirectory("chats-redis-").FullName, more);
        for (var attempt = 1; !await server.TryRunAsync(ClosedPort.FreeNumber()); attempt++)
        {
            // Another program took the port meanwhile.
            Assert.That(attempt, Is.LessThan(3), "Redis does not start.");
        }

        return server;
    }

    /// <summary>A connection for looking at keys and for admin commands.</summary>
    public async Task<IConnectionMultiplexer> ConnectAsync() => _connection ??= await ConnectionMultiplexer.ConnectAsync(Configuration);

    public async Task<RedisResult> ExecuteAsync(string command, params object[] arguments) =>
        await (await ConnectAsync()).GetDatabase().ExecuteAsync(command, arguments);

    /// <summary>Sends SIGKILL: its data are lost.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGSTOP: it does not respond until <see cref="ResumeAsync"/>.</summary>
    public Task PauseAsync() => Signal.SendAsync(_process, "STOP");

    public Task ResumeAsync() => Signal.SendAsync(_process, "CONT");

    /// <summary>Restarts it on the same port, empty.</summary>
    public async Task RestartAsync() => Assert.That(await TryRunAsync(Port), "Redis does not start again.");

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        await KillAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> TryRunAsync(int port)
    {
        string[] options = ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", _folder, "--enable-debug-command", "yes", .. _more];
        (_process, Port) = (Process.Start(new ProcessStartInfo(_program, options) { RedirectStandardOutput = true })!, port);
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Until.Timeout) is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                // It must not wait for somebody who reads the rest.
                _ = _process.StandardOutput.ReadToEndAsync();
                return true;
            }
        }

        return false;
    }
}

/// <summary>One Redis for all tests that do not stop it; each uses its own prefix. It is in the namespace of all tests, after which it
/// stops.</summary>
[SetUpFixture]
public sealed class SharedRedis
{
    private static readonly Lazy<Task<RedisServer>> _server = new(() => RedisServer.StartAsync());

    internal static Task<RedisServer> ServerAsync() => _server.Value;

    internal static async Task<IDatabase> DatabaseAsync() => (await (await ServerAsync()).ConnectAsync()).GetDatabase();

    [OneTimeTearDown]
    public static async Task StopAsync()
    {
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
