using System.Net;
using System.Net.Sockets;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli.Tests;

public sealed class EmulatorCommandTests
{
    [Test]
    public async Task It_tells_its_address_first_and_then_each_call_in_a_line()
    {
        using var lines = new LineWriter();
        using var ctrlC = new CancellationTokenSource();
        var run = new TestTool { Output = lines }.RunAsync(["emulator"], ctrlC.Token);
        var first = await lines.ReadAsync();
        Assert.That(first, Does.Match(@"^listening on http://127\.0\.0\.1:\d+$"));
        var address = first["listening on ".Length..];

        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var strange = await http.GetAsync("/a%0Alistening%20on%20http://evil/");
        await new TestTool().RunAsync(["get", "--business", "1", "--chat", "2", "--message", "1", "--base-address", address + "/v2/"]);
        await new TestTool { Environment = { ["CHATS_API_KEY"] = "kanarienvogel" } }
            .RunAsync(["send", "--business", "1", "--chat", "2", "--text", "Zitronenfalter", "--base-address", address + "/v2/"]);
        await new TestTool().RunAsync(["send", "--business", "1", "--chat", "2", "--text", "Zitronenfalter", "--base-address", address + "/v2/"]);
        string[] log = [await lines.ReadAsync(), await lines.ReadAsync(), await lines.ReadAsync(), await lines.ReadAsync()];
        await ctrlC.CancelAsync();
        var ran = await run;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(strange.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(log[0], Does.Match(@"^\d\d:\d\d:\d\d\.\d{3}  404  GET   /a\uFFFDlistening on http:/+evil/  no key  Resource not found$"));
            Assert.That(log[1], Does.Match(@"  200  GET   GetChatMessage     business 1 chat 2 message 1  key de…$"));
            Assert.That(log[2], Does.Match(@"  401  POST  SendMessageToChat  business 1  key kana…  Api-Key token is invalid$"));
            Assert.That(log[3], Does.Match(@"  200  POST  SendMessageToChat  business 1 chat 2  key de…  took message 4$"));
            Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((0, "")));
            Assert.That(lines.Rest(), Is.Empty);
        }
    }

    [TestCase("demo-all", "1", 0, 0)]
    [TestCase("demo-all", "3", 0, 0)]
    [TestCase("demo-all", "4", 3, 0)]
    [TestCase("demo-read-only", "2", 0, 3)]
    [TestCase("demo-none", "2", 3, 3)]
    [TestCase("demo-other", "2", 3, 3)]
    public async Task Its_keys_and_messages_are_the_ones_of_the_help(string key, string message, int get, int send)
    {
        using var lines = new LineWriter();
        using var ctrlC = new CancellationTokenSource();
        var run = new TestTool { Output = lines }.RunAsync(["emulator"], ctrlC.Token);
        var address = (await lines.ReadAsync())["listening on ".Length..] + "/v2/";
        var tool = new TestTool { Environment = { ["CHATS_API_KEY"] = key } };

        var read = await tool.RunAsync(["get", "--business", "1", "--chat", "2", "--message", message, "--base-address", address]);
        var sent = await tool.RunAsync(["send", "--business", "1", "--chat", "2", "--text", "Hello", "--base-address", address]);
        await ctrlC.CancelAsync();
        await run;

        Assert.That((read.ExitCode, sent.ExitCode), Is.EqualTo((get, send)));
    }

    [Test]
    public async Task The_port_that_was_asked_for_is_taken_or_refused()
    {
        using var other = new Socket(SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var port = ((IPEndPoint)other.LocalEndPoint!).Port;

        var ran = await new TestTool().RunAsync(["emulator", "--port", $"{port}"]);

        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((3, "")));
        Assert.That(ran.Error, Does.StartWith($"chats: Port {port} cannot be used"));
    }

    [Test]
    public async Task It_notifies_of_a_ping_of_its_messages_and_of_new_ones()
    {
        using var lines = new LineWriter();
        using var ctrlC = new CancellationTokenSource();
        await using var receiver = new Receiver();
        var run = new TestTool { Output = lines }.RunAsync(["emulator", "--notify", receiver.Url], ctrlC.Token);
        var address = (await lines.ReadAsync())["listening on ".Length..] + "/v2/";
        var ping = await receiver.ReadAsync();
        JObject[] first = [await receiver.ReadAsync(), await receiver.ReadAsync(), await receiver.ReadAsync()];
        await new TestTool().RunAsync(["send", "--business", "1", "--chat", "2", "--text", "Zitronenfalter", "--base-address", address]);
        var last = await receiver.ReadAsync();
        string[] log = [await lines.ReadAsync(), await lines.ReadAsync(), await lines.ReadAsync(), await lines.ReadAsync(), await lines.ReadAsync(), await lines.ReadAsync()];
        await ctrlC.CancelAsync();
        var ran = await run;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)ping["notificationType"], Is.EqualTo("PING"));
            Assert.That(first.Select(it => (string?)it["messageId"]), Is.EquivalentTo(new[] { "1", "2", "3" }));
            Assert.That(((string?)last["notificationType"], (string?)last["messageId"]), Is.EqualTo(("CHAT_MESSAGE_SENT", "4")));
            Assert.That(log[0], Does.Match(@"^\d\d:\d\d:\d\d\.\d{3}  200  notify PING  attempt 1: Accepted in \d+ ms  \{""version"":""1"",""name"":""test"",""time"":""2025-11-21T10:20:30Z""}$"));
            Assert.That(log, Has.Exactly(1).Match("  200  notify CHAT_MESSAGE_SENT  chat 2 message 4  attempt 1: Accepted in \\d+ ms  \\{.*}$"));
            Assert.That(string.Concat(log), Does.Not.Contain("secret").And.Not.Contains("Zitronenfalter"));
            Assert.That(ran.ExitCode, Is.Zero);
        }
    }

    [Test]
    public async Task It_stops_while_the_receiver_does_not_answer()
    {
        using var lines = new LineWriter();
        using var ctrlC = new CancellationTokenSource();
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var run = new TestTool { Output = lines }.RunAsync(
            ["emulator", "--notify", $"http://127.0.0.1:{((IPEndPoint)mute.LocalEndpoint).Port}/"], ctrlC.Token);
        using var stalled = await mute.AcceptTcpClientAsync(CancellationToken.None);
        await ctrlC.CancelAsync();

        Assert.That(await run, Is.EqualTo(new Ran(0, "", "")));
    }

    [TestCase("example.org")]
    [TestCase("file:///etc/passwd")]
    [TestCase("httpx://example.org/")]
    public async Task A_receiver_that_is_none_is_wrong_use(string url)
    {
        var ran = await new TestTool().RunAsync(["emulator", "--notify", url]);

        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((2, "")));
        Assert.That(ran.Error, Does.Contain("--notify needs a whole URL"));
    }

    [TestCase("0.0.0.0", "127.0.0.1", true)]
    [TestCase("::", "[::1]", true)]
    [TestCase("::1", "[::1]", false)]
    public async Task Another_host_than_loopback_is_warned_of(string host, string address, bool warns)
    {
        await using var run = await EmulatorRun.StartAsync("--host", host);

        Assert.That(await run.SendAsync("Hello"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(run.Address.Host, Is.EqualTo(address));
        Assert.That(run.Error, warns ? Does.StartWith($"chats: Warning: {host} can be reached from other machines") : Is.Empty);
    }

    [Test]
    public async Task A_host_that_is_none_of_this_machine_is_told()
    {
        // Of the addresses for documentation: no machine has it.
        var ran = await new TestTool().RunAsync(["emulator", "--host", "192.0.2.1"]);

        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((3, "")));
        Assert.That(ran.Error, Does.Contain("192.0.2.1 is not an address of this machine"));
    }

    [Test]
    public async Task A_host_that_is_no_address_is_wrong_use()
    {
        var ran = await new TestTool().RunAsync(["emulator", "--host", "example.org"]);

        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((2, "")));
        Assert.That(ran.Error, Does.Contain("--host needs an IP address"));
    }

    [TestCase("-1")]
    [TestCase("65536")]
    [TestCase("http")]
    public async Task A_port_that_is_none_is_wrong_use(string port)
    {
        var ran = await new TestTool().RunAsync(["emulator", "--port", port]);

        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((2, "")));
        Assert.That(ran.Error, Does.Contain("--port needs a number from 0 to 65535"));
    }
}
