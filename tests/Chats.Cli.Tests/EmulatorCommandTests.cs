using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli.Tests;

public sealed class EmulatorCommandTests
{
    [Test]
    public async Task It_prints_its_address_first_and_then_one_line_per_call()
    {
        await using var run = await EmulatorRun.StartAsync();

        var strange = await run.Http.GetAsync("/a%0Alistening%20on%20http://evil/");
        await new TestTool().RunAsync(run.Call("get", "--message", "1"));
        await new TestTool { Environment = { ["CHATS_API_KEY"] = "kanarienvogel" } }.RunAsync(run.Call("send", "--text", "Zitronenfalter"));
        await new TestTool().RunAsync(run.Call("send", "--text", "Zitronenfalter"));
        var log = await run.ReadLinesAsync(4);

        using var scope = Assert.EnterMultipleScope();
        Assert.That($"{run.Address}", Does.Match(@"^http://127\.0\.0\.1:\d+/$"));
        Assert.That(strange.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(log[0], Does.Match(@"^\d\d:\d\d:\d\d\.\d{3}  404  GET   /a\uFFFDlistening on http:/+evil/  key de…  Resource not found$"));
        Assert.That(log[1], Does.Match(@"  200  GET   GetChatMessage     business 1 chat 2 message 1  key de…$"));
        Assert.That(log[2], Does.Match(@"  401  POST  SendMessageToChat  business 1  key kana…  Api-Key token is invalid$"));
        Assert.That(log[3], Does.Match(@"  200  POST  SendMessageToChat  business 1 chat 2  key de…  delivered message 4$"));
        Assert.That(await run.StopAsync(), Is.EqualTo(new Ran(0, "", "")));
    }

    [TestCase("demo-all", "1", 0, 0)]
    [TestCase("demo-all", "3", 0, 0)]
    [TestCase("demo-all", "4", 3, 0)]
    [TestCase("demo-read-only", "2", 0, 3)]
    [TestCase("demo-none", "2", 3, 3)]
    [TestCase("demo-other", "2", 3, 3)]
    public async Task Its_keys_and_messages_match_the_help(string key, string message, int get, int send)
    {
        await using var run = await EmulatorRun.StartAsync();
        var tool = new TestTool { Environment = { ["CHATS_API_KEY"] = key } };

        var read = await tool.RunAsync(run.Call("get", "--message", message));
        var sent = await tool.RunAsync(run.Call("send", "--text", "Hello"));

        Assert.That((read.ExitCode, sent.ExitCode), Is.EqualTo((get, send)));
    }

    [Test]
    public async Task The_requested_port_is_used_or_reported_as_unavailable()
    {
        await using var other = new LoopbackReceiver();
        var port = other.Url.Port;

        var ran = await new TestTool().RunAsync(["emulator", "--port", $"{port}"]);

        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((3, "")));
        Assert.That(ran.Error, Does.StartWith($"chats: Port {port} cannot be used"));

        // Free there: nothing else binds to this address, and the receiver keeps the port from all who bind to every address.
        await using var run = await EmulatorRun.StartAsync("--host", "127.0.0.2", "--port", $"{port}");
        Assert.That(run.Address, Is.EqualTo(new Uri($"http://127.0.0.2:{port}/")));
    }

    [Test]
    public async Task It_sends_a_PING_and_notifications_of_existing_and_new_messages()
    {
        await using var receiver = new LoopbackReceiver();
        await using var run = await EmulatorRun.StartAsync("--notify", $"{receiver.Url}?token=secret");
        var ping = JObject.Parse(await receiver.ReadAsync());
        string[] first = [await receiver.ReadAsync(), await receiver.ReadAsync(), await receiver.ReadAsync()];
        await run.SendAsync("Zitronenfalter");
        var last = JObject.Parse(await receiver.ReadAsync());
        var log = await run.ReadLinesAsync(6);

        using var scope = Assert.EnterMultipleScope();
        Assert.That((string?)ping["notificationType"], Is.EqualTo("PING"));
        Assert.That(first.Select(it => (string?)JObject.Parse(it)["messageId"]), Is.EquivalentTo(new[] { "1", "2", "3" }));
        Assert.That(((string?)last["notificationType"], (string?)last["messageId"]), Is.EqualTo(("CHAT_MESSAGE_SENT", "4")));
        Assert.That(log[0], Does.Match(@"^\d\d:\d\d:\d\d\.\d{3}  200  notify PING  attempt 1: accepted in \d+ ms  \{""version"":""1\.0\.0"",""name"":""shop"",""time"":""2025-01-16T10:09:49Z""}$"));
        Assert.That(log, Has.Exactly(1).Match("  200  notify CHAT_MESSAGE_SENT  chat 2 message 4  attempt 1: accepted in \\d+ ms  \\{.*}$"));
        Assert.That(string.Concat(log), Does.Not.Contain("secret").And.Not.Contains("Zitronenfalter"));
        Assert.That((await run.StopAsync()).ExitCode, Is.Zero);
    }

    [TestCase("404 Not Found", "rejected: it has no such path")]
    [TestCase("500 Internal Server Error", "rejected")]
    public async Task A_rejected_notification_is_sent_again_after_the_requested_time(string status, string told)
    {
        await using var receiver = new LoopbackReceiver { Response = RawServer.Json("{}", status) };
        await using var run = await EmulatorRun.StartAsync("--notify", $"{receiver.Url}", "--notify-retry", "0.01");
        var log = await run.ReadLinesAsync(5);

        Assert.That(log[0], Does.Match($@"  {status[..3]}  notify PING  attempt 1: {told} in \d+ ms  {{}}$"));
        Assert.That(log, Has.Some.Match($"  notify CHAT_MESSAGE_SENT  chat 2 message [123]  attempt 2: {told} in "));
    }

    [Test]
    public async Task It_stops_while_the_receiver_does_not_respond()
    {
        await using var mute = new LoopbackReceiver { Response = null };
        await using var run = await EmulatorRun.StartAsync("--notify", $"{mute.Url}");
        await mute.ReadAsync();

        Assert.That(await run.StopAsync(), Is.EqualTo(new Ran(0, "", "")));
    }

    [TestCase("0.0.0.0", "127.0.0.1", true)]
    [TestCase("::", "[::1]", true)]
    [TestCase("::1", "[::1]", false)]
    public async Task A_host_other_than_loopback_causes_a_warning(string host, string address, bool warns)
    {
        await using var run = await EmulatorRun.StartAsync("--host", host);

        Assert.That(await run.SendAsync("Hello"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(run.Address.Host, Is.EqualTo(address));
        Assert.That(run.Error, warns ? Does.StartWith($"chats: Warning: {host} can be reached from other machines") : Is.Empty);
    }

    [TestCase(null, null, "1000", "4")]
    [TestCase("7", "2", "7", "2")]
    [TestCase("0", "0", null, null)]
    public async Task Its_limits_can_be_chosen_or_turned_off(string? quota, string? parallel, string? remaining, string? atOnce)
    {
        string[] args = quota is null ? [] : ["--hourly-quota", quota, "--parallel-limit", parallel!];
        await using var run = await EmulatorRun.StartAsync(args);

        var business = JObject.Parse(await run.Http.GetStringAsync("/_inbox/state"))["businesses"]![0]!;

        Assert.That(((string?)business.SelectToken("reads.remaining"), (string?)business.SelectToken("sends.limit"), (string?)business["atOnce"]),
            Is.EqualTo((remaining, remaining, atOnce)));
    }

    [TestCase("--host", "192.0.2.1", 3, "192.0.2.1 is not an address of this machine", TestName = "An address for documentation, which no machine has")]
    [TestCase("--host", "example.org", 2, "--host requires an IP address")]
    [TestCase("--port", "-1", 2, "--port requires a number from 0 to 65535")]
    [TestCase("--port", "65536", 2, "--port requires a number from 0 to 65535")]
    [TestCase("--port", Secret.Key, 2, "--port requires a number from 0 to 65535")]
    [TestCase("--hourly-quota", "-1", 2, "--hourly-quota requires a whole number, where 0 means no limit")]
    [TestCase("--parallel-limit", "99999999999", 2, "--parallel-limit requires a whole number, where 0 means no limit")]
    [TestCase("--notify-retry", "0", 2, "--notify-retry requires a number of seconds")]
    [TestCase("--notify", "example.org", 2, "--notify requires an absolute http or https URL")]
    [TestCase("--notify", "file:///etc/passwd", 2, "--notify requires an absolute http or https URL")]
    [TestCase("--notify", "httpx://example.org/", 2, "--notify requires an absolute http or https URL")]
    public async Task An_unusable_option_is_reported(string option, string value, int exitCode, string told)
    {
        var ran = await new TestTool().RunAsync(["emulator", option, value]);

        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((exitCode, "")));
        Assert.That(ran.Error, Does.Contain(told));
        Secret.AssertNotIn(ran.Error);
    }

    [Test]
    public async Task It_prints_local_times_and_reports_the_first_dropped_notification()
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        using var away = new ClosedPort();
        using var output = new StringWriter();
        await using (var log = new CallLog(new Kolkata()))
        {
            log.Follow(emulator);
            using var http = new HttpClient();
            await http.GetAsync(emulator.BaseAddress);
            emulator.Notifications.Url = away.Address;
            emulator.Notifications.Copies = 10_003;
            DemoData.AddTo(emulator).Receive("Hello?");

            log.Start(output);
        }

        var lines = output.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.That(lines[0], Does.StartWith($"{emulator.Requests.Single().ReceivedAt.ToOffset(Kolkata.Offset):HH:mm:ss.fff}  404  GET ").And.Contain("  no key  "));
        Assert.That(lines, Has.Exactly(1).EndsWith("  ---  notify: 10000 notifications are pending, so new ones are dropped"));
    }

    private sealed class Kolkata : TimeProvider
    {
        public static TimeSpan Offset { get; } = TimeSpan.FromHours(5.5);

        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("here", Offset, "here", "here");
    }
}
