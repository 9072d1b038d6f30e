namespace YandexMarket.Chats.Cli.Tests;

/// <summary>A standard stream that is closed or full changes neither what a command does nor what its exit code says of a send.</summary>
public sealed class ClosedStreamTests : ServiceFixture
{
    private static readonly Type[] _errors = [typeof(UnauthorizedAccessException), typeof(IOException), typeof(ArgumentOutOfRangeException)];

    [Test]
    public async Task A_send_keeps_its_exit_code(
        [ValueSource(nameof(_errors))] Type error, [Values] bool json, [Values("200 0", "420 3", "lost 4")] string ending)
    {
        if (ending[0] != '2')
        {
            Emulator.Faults.Next(ending[0] == '4' ? ChatsFault.Response(420, "") : ChatsFault.ResponseLost);
        }

        var ran = await RunAsync(error, Send(["--text", "Hello", .. json ? ["--json"] : Array.Empty<string>()]));

        Assert.That($"{ran}", Is.EqualTo(ending.Split(' ')[1]));
    }

    [Test]
    public async Task Of_anything_else_the_output_is_the_work([Values(typeof(UnauthorizedAccessException), typeof(IOException))] Type error)
    {
        var codes = new List<int>();
        foreach (var args in new[] { Get(), Get("--json"), Get("--message", "99"), ["--help"], ["demo"], ["send", "--help"], Send(), ["sned"] })
        {
            codes.Add(await RunAsync(error, args));
        }

        Assert.That(codes, Is.EqualTo(new[] { 1, 1, 3, 1, 1, 1, 2, 2 }));
        Assert.That(Emulator.Requests.TotalDelivered, Is.Zero);
    }

    [Test]
    public async Task The_state_is_saved_again_although_the_warning_could_not_be_written()
    {
        var folder = Directory.CreateTempSubdirectory("chats-closed-");
        var path = Path.Combine(folder.FullName, "state.json");
        using var writer = new BrokenWriter(typeof(IOException));
        var shell = new TestTool().ShellOver(writer, writer);
        using (var file = new StateFile(path))
        {
            file.Keep(Emulator, shell);
            Directory.CreateDirectory(Path.Combine(path + ".tmp", "in the way"));
            Chat.Receive("Zitronenfalter");
            await Until.TrueAsync(() => writer.Calls > 0);
            Directory.Delete(path + ".tmp", recursive: true);
            await Until.TrueAsync(() => File.ReadAllText(path).Contains("Zitronenfalter", StringComparison.Ordinal));
            Assert.That(await file.FinishAsync(Emulator, shell), Is.True);
        }

        folder.Delete(recursive: true);
    }

    [Test]
    [Slow]
    [Platform(Exclude = "Win", Reason = "There is no sh.")]
    public async Task The_exit_codes_of_a_process_are_the_same([Values(">&-", "2>&-", ">&- 2>&-", ">/dev/full 2>/dev/full")] string redirection)
    {
        var codes = new List<int>();
        foreach (var args in new[] { Send("--text", "Hello"), Send("--text", "Hello", "--json"), Get("--message", "99"), Get("--message", "99", "--json"), Get("--json") })
        {
            using var process = ProcessTests.Start(args, "demo-all", redirection: redirection);
            await process.WaitForExitAsync().WaitAsync(Until.Timeout);
            codes.Add(process.ExitCode);
        }

        Assert.That(codes, Is.EqualTo(new[] { 0, 0, 3, 3, redirection[0] == '2' ? 0 : 1 }));
        Assert.That(Emulator.Requests.TotalDelivered, Is.EqualTo(2));
    }

    private static async Task<int> RunAsync(Type error, string[] args)
    {
        using var writer = new BrokenWriter(error);
        return await Tool.RunAsync(args, new TestTool().ShellOver(writer, writer), CancellationToken.None);
    }
}
