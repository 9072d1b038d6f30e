namespace YandexMarket.Chats.Cli.Tests;

/// <summary>The tool as a process: what only the real streams and signals show.</summary>
[Slow]
public sealed class ProcessTests : ServiceFixture
{
    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no SIGTERM to send.")]
    public async Task The_emulator_stops_cleanly_and_saves_its_state_on_a_signal([Values("TERM", "INT", "HUP", "QUIT")] string signal)
    {
        var folder = Directory.CreateTempSubdirectory("chats-signal-");
        var path = Path.Combine(folder.FullName, "state.json");
        using var process = Start(["emulator", "--state", path], key: null);
        using var http = EmulatorRun.Connect(await process.StandardOutput.ReadLineAsync());
        Assert.That(await EmulatorRun.SendAsync(http, "Zitronenfalter"), Is.EqualTo(HttpStatusCode.OK));
        await Signal.SendAsync(process, signal);

        var ran = await EndAsync(process);
        Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((0, "")));
        Assert.That(await File.ReadAllTextAsync(path), Does.Contain("Zitronenfalter"));
        Assert.That(folder.GetFiles().Select(file => file.Name), Is.EqualTo(["state.json"]), "No lock file is left.");
        folder.Delete(recursive: true);
    }

    [Test]
    [Platform("Linux", Reason = "Only there env can ignore a signal.")]
    public async Task Under_nohup_a_closed_terminal_does_not_stop_the_emulator()
    {
        using var process = Start(["emulator"], key: null, signals: "--ignore-signal=HUP");
        await process.StandardOutput.ReadLineAsync();
        await Signal.SendAsync(process, "HUP");
        // A second signal would not let it end with 0.
        await Signal.SendAsync(process, "TERM");

        Assert.That(await EndAsync(process), Is.EqualTo(new Ran(0, "", "")));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no SIGTERM to send.")]
    public async Task The_emulator_stops_on_a_signal_even_if_nobody_reads_its_output()
    {
        using var process = Start(["emulator"], key: null);
        using var http = EmulatorRun.Connect(await process.StandardOutput.ReadLineAsync());
        // Many more lines than a pipe holds.
        for (var call = 0; call < 1500; call++)
        {
            using var response = await http.GetAsync($"/v2/businesses/1/chats/message?chatId=2&messageId={call}");
        }

        await Signal.SendAsync(process, "TERM");
        await process.WaitForExitAsync().WaitAsync(Until.Timeout);

        Assert.That(process.ExitCode, Is.Zero);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no SIGINT to send.")]
    public async Task A_signal_during_a_send_says_that_it_may_have_been_sent([Values("INT", "HUP", "QUIT")] string signal)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Emulator.Requests.Recorded += _ => arrived.TrySetResult();
        Emulator.Faults.Next(ChatsFault.Stall.AfterDelivery());

        using var process = Start(Send("--text", "Hello"), "demo-all");
        await arrived.Task.WaitAsync(Until.Timeout);
        await Signal.SendAsync(process, signal);
        var ran = await EndAsync(process);

        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((4, "")));
        Assert.That(ran.Error, Does.Contain("may have been sent: look into the chat"));
    }

    [Test]
    public async Task Texts_go_in_and_out_as_utf8_whatever_the_locale()
    {
        using var send = Start(Send(), "demo-all");
        await send.StandardInput.BaseStream.WriteAsync("Жук 😀\n"u8.ToArray());
        send.StandardInput.Close();
        var sent = await EndAsync(send);
        using var get = Start(Get("--message", "4"), "demo-all");
        using var bytes = new MemoryStream();
        await get.StandardOutput.BaseStream.CopyToAsync(bytes);

        Assert.That((sent.ExitCode, Chat.Messages[^1].Text), Is.EqualTo((0, "Жук 😀")));
        Assert.That((await EndAsync(get)).ExitCode, Is.Zero);
        Assert.That(bytes.ToArray().AsSpan().IndexOf("  Жук 😀\n"u8), Is.Positive);
        Assert.That(bytes.ToArray()[0], Is.EqualTo((byte)'m'), "No byte order mark.");
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There arguments are not bytes, and there is no sh.")]
    public async Task An_argument_that_is_not_utf8_is_not_sent()
    {
        using var process = Start(Send("--text"), "demo-all", redirection: "\"$(printf 'caf\\351')\"");
        var ran = await EndAsync(process);

        Assert.That((ran.ExitCode, ran.Out, Emulator.Requests.Total), Is.EqualTo((2, "", 0L)));
        Assert.That(ran.Error, Does.Contain("standard input").And.Not.Contains("caf"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows needs a right to create a link.")]
    public async Task The_state_is_saved_in_the_target_of_a_relative_link([Values] bool isDangling)
    {
        var folder = Directory.CreateTempSubdirectory("chats-link-");
        var target = Path.Combine(folder.FullName, $"{folder.Name}.json");
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "r.json"), Path.GetFileName(target));
        if (!isDangling)
        {
            await File.WriteAllTextAsync(target, """{"version":1,"keys":[],"businesses":[]}""");
        }

        using var process = Start(["emulator", "--state", "r.json"], key: null, folder: folder.FullName);
        using var http = EmulatorRun.Connect(await process.StandardOutput.ReadLineAsync());
        await Signal.SendAsync(process, "TERM");

        Assert.That(await EndAsync(process), Is.EqualTo(new Ran(0, "", "")));
        Assert.That(await File.ReadAllTextAsync(target), Does.Contain("lastMessageId"));
        Assert.That(new FileInfo(Path.Combine(folder.FullName, "r.json")).LinkTarget, Is.EqualTo(Path.GetFileName(target)));
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task The_doctor_checks_the_proxy_from_the_environment()
    {
        using var process = Start(["doctor", "--base-address", "https://chats.invalid/v2/"], "demo-all");
        var ran = await EndAsync(process);

        Assert.That(ran.ExitCode, Is.EqualTo(3));
        Assert.That(ran.Error, Does.Match("FAILED   proxy +The proxy 127.0.0.1:1 cannot be reached"));
    }

    [Test]
    [Platform("Linux", Reason = "Only there a variable can add to the certificates that are trusted.")]
    public async Task The_doctor_accepts_a_trusted_certificate()
    {
        using var certificate = DoctorTests.CreateCertificate("127.0.0.1", DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid()}.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        await using var server = new RawServer(async connection =>
        {
            await connection.SecureAsync(certificate);
            await connection.ReadRequestAsync();
            await connection.SendAsync(RawServer.Json("""{"status":"ERROR","errors":[{"code":"NOT_FOUND","message":"Can't find chat by id: '1'"}]}""", "404 Not Found"));
        });
        using var process = Start(["doctor", "--base-address", $"{server.SecureAddress}"], "demo-all", trusted: file);
        var ran = await EndAsync(process);
        File.Delete(file);

        Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((0, "")));
        Assert.That(ran.Out, Does.Match("ok +connection +TLS works, and the certificate is valid."));
    }

    internal static Process Start(
        IReadOnlyList<string> args, string? key, string? trusted = null, string? redirection = null, string signals = "--default-signal", string? folder = null)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] program = [dotnet, Path.Combine(AppContext.BaseDirectory, "YandexMarket.Chats.Cli.dll")];
        // A shell's background job ignores SIGINT and SIGQUIT, and its children with it, where a terminal's would not.
        string[] command = OperatingSystem.IsLinux() ? ["env", signals, .. program] : program;
        command = redirection is null ? command : ["sh", "-c", $"exec \"$@\" {redirection}", "sh", .. command];
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = folder,
        };
        start.Environment["LC_ALL"] = "en_US.ISO-8859-1";
        start.Environment["CHATS_API_KEY"] = key;
        start.Environment["SSL_CERT_FILE"] = trusted;
        // Nothing listens there: what is on loopback must be reached without a proxy.
        start.Environment["HTTP_PROXY"] = start.Environment["http_proxy"] = "http://127.0.0.1:1";
        start.Environment["ALL_PROXY"] = start.Environment["all_proxy"] = "http://127.0.0.1:1";
        return Process.Start(start)!;
    }

    private static async Task<Ran> EndAsync(Process process)
    {
        await process.WaitForExitAsync().WaitAsync(Until.Timeout);
        return new Ran(process.ExitCode, await process.StandardOutput.ReadToEndAsync(), await process.StandardError.ReadToEndAsync());
    }
}
