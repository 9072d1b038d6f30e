using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>Each row of the page's table is set up, and <c>chats doctor</c> says what stands there.</summary>
public sealed class DoctorTests
{
    private static readonly Dictionary<string, Action<DoctorStage>> _faults = new()
    {
        ["there is no key"] = stage => stage.Key = "",
        ["the key was copied with a space"] = stage => stage.Key = "ACMA: key",
        ["the key was copied with its line break"] = stage => stage.Key = "kanarienvogel\n",
        ["the host's name does not exist"] = stage => stage.Address = new Uri("https://chats.invalid/v2/"),
        ["nothing listens there"] = stage => stage.Address = stage.Closed.Address,
        ["the proxy is away"] = stage =>
            (stage.Proxy, stage.Address) = (new WebProxy("127.0.0.1", stage.Closed.Number), new Uri("https://chats.invalid/v2/")),
        ["the proxy refuses the address"] = stage => stage.ServeProxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\n<p/>"),
        ["the proxy wants a password"] = stage =>
            stage.ServeProxy("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"),
        ["a certificate that nobody trusts, as of a proxy that inspects TLS"] = stage => stage.ServeWith("127.0.0.1", -1, 1),
        ["a certificate that has expired"] = stage => stage.ServeWith("127.0.0.1", -9, -2),
        ["a certificate for another name"] = stage => stage.ServeWith("other.example", -1, 1),
        ["https to a port without TLS"] = stage => stage.Address = stage.Serve(connection => connection.SendAsync("Hello\r\n")).SecureAddress,
        ["something that is not HTTP listens there"] = stage => stage.Serve("220 mail.example ESMTP\r\n"),
        ["a firewall swallows the request"] = stage =>
        {
            var clock = new ManualClock(DateTimeOffset.UtcNow);
            stage.Clock = clock;
            stage.Serve(async connection =>
            {
                await connection.ReadRequestAsync();
                clock.Advance(TimeSpan.FromSeconds(15));
                await connection.HoldAsync();
            });
        },
        ["the clock is ten minutes ahead"] = stage => stage.Clock = new ManualClock(DateTimeOffset.UtcNow.AddMinutes(10)),
        ["the clock is ten minutes behind"] = stage => stage.Clock = new ManualClock(DateTimeOffset.UtcNow.AddMinutes(-10)),
        ["the service does not know the key"] = stage => stage.Key = "demo-unknown",
        ["the key was revoked"] = stage => stage.Emulator.RevokeKey(stage.Key),
        ["the key lacks the scope"] = stage => stage.Key = "demo-none",
        ["the business is not the key's"] = stage => stage.Ids = ["--business", "9"],
        ["the account needs a subscription, and no business was given"] = stage =>
        {
            stage.Ids = [];
            stage.Serve(RawServer.Json("""{"status":"ERROR","errors":[{"code":"SUBSCRIPTION_REQUIRED","message":"No subscription"}]}""", "403 Forbidden"));
        },
        ["a wrong path in the address"] = stage => stage.Address = new Uri(stage.Address, "/v3/"),
        ["there is no such message"] = stage => stage.Ids = ["--business", "1", "--chat", "2", "--message", "9"],
        ["the quota of the hour is used up"] = stage => stage.Emulator.FindBusiness(1)!.UseQuota(EmulatedOperation.GetChatMessage, 1000),
        ["the business is being migrated"] = stage => stage.Serve(RawServer.Json("""{"status":"ERROR","errors":[{"code":"LOCKED","message":"Business is in migration"}]}""", "423 Locked")),
        ["the service fails, 500"] = stage => stage.Emulator.Faults.Next(ChatsFault.InternalServerError),
        ["the service is down, 503"] = stage => stage.Emulator.Faults.Next(ChatsFault.ServiceUnavailable),
        ["a page of HTML in place of the response"] = stage => stage.Emulator.Faults.Next(ChatsFault.HtmlPage),
        ["the response breaks off"] = stage => stage.Emulator.Faults.Next(ChatsFault.TruncatedBody),
        ["a redirect, as to a sign-in page"] = stage => stage.Serve("HTTP/1.1 302 Found\r\nLocation: https://sign-in.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    };

    private static readonly string[] _checks = ["key", "proxy", "name", "connection", "clock", "read"];

    private static readonly string[][] _rows = [.. Pages.Read("docs/troubleshooting.md").Table("fault")];

    private static IEnumerable<TestCaseData> Rows => _rows.Select(row => new TestCaseData(row[0], row[1], row[2], row[3]).SetArgDisplayNames(row[0]));

    private DoctorStage _stage = null!;

    [SetUp]
    public async Task StartAsync() => _stage = await DoctorStage.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [TestCaseSource(nameof(Rows))]
    public async Task The_doctor_finds_the_fault_of_the_page(string fault, string check, string says, string exitCode)
    {
        var code = int.Parse(exitCode, CultureInfo.InvariantCulture);
        _faults[fault](_stage);

        var forScript = await _stage.RunAsync("--json");

        using (Assert.EnterMultipleScope())
        {
            var failed = forScript.Json["checks"]!.Where(it => (string?)it["state"] == "FAILED").Select(it => ((string)it["name"]!, (string)it["found"]!)).ToList();
            Assert.That((forScript.ExitCode, (int)forScript.Json["exitCode"]!, forScript.Error), Is.EqualTo((code, code, "")));
            Assert.That(failed.Select(it => it.Item1), Is.EqualTo(new[] { check.Trim('`') }), forScript.Out);
            Assert.That(failed[0].Item2, Does.Match($"^{string.Join(".*", says.Split('…').Select(Regex.Escape))}$"));
            Assert.That((string?)forScript.Json["error"]!["message"], Does.StartWith(failed[0].Item2 + " "), "The sentence, and what to do.");
            var blamed = forScript.Json["checks"]!.Select(it => Regex.Match((string)it["found"]!, "^Not checked, because (\\w+) failed")).Where(match => match.Success);
            Assert.That(blamed.Select(match => match.Groups[1].Value).Distinct(), Is.SubsetOf(failed.Select(it => it.Item1)), "A check that failed is blamed, and none that did not run.");
            Assert.That(forScript.Out, Does.Not.Contain(_stage.Key.Length > 0 ? _stage.Key.Trim() : "\0"));
        }
    }

    [Test]
    public void Every_fault_and_every_check_has_its_row()
    {
        Assert.That(_rows.Select(row => row[0]), Is.EquivalentTo(_faults.Keys));
        Assert.That(_rows.Select(row => row[1].Trim('`')).Distinct(), Is.EquivalentTo(_checks));
    }

    [TestCase("--business", "1", "--chat", "2", "--message", "1")]
    [TestCase("--business", "1")]
    [TestCase]
    public async Task Where_nothing_is_wrong_it_says_so(params string[] ids)
    {
        _stage.Ids = ids;

        var ran = await _stage.RunAsync();

        Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((0, "")));
        Assert.That(ran.Out, Does.EndWith($"No problems were found.{Environment.NewLine}"));
        Assert.That(Regex.Matches(ran.Out, "(?m)^ok       (\\w+)").Select(match => match.Groups[1].Value), Is.EqualTo(_checks));
        Assert.That(ran.Out, Does.Not.Contain("lamp").And.Not.Contain("demo-all"), "Neither the text nor the key.");
        Assert.That(_stage.Emulator.Requests.Select(request => request.KeyHint is null), Is.EqualTo(new[] { true, false }), "The key goes to the read alone.");
    }

    [Test]
    public async Task A_403_for_a_business_that_nobody_named_shows_nothing_of_the_rights()
    {
        _stage.Emulator.AddBusiness(5).AddKey("kanarienvogel", "communication");
        (_stage.Key, _stage.Ids) = ("kanarienvogel", []);

        var unnamed = await _stage.RunAsync();
        _stage.Ids = ["--business", "5"];
        var named = await _stage.RunAsync();

        Assert.That((unnamed.ExitCode, unnamed.Out), Is.EqualTo((0, unnamed.Out)));
        Assert.That(unnamed.Out.TrimEnd(), Does.Match("skipped  read").And.EndsWith("No problems were found. To check the key's access, pass your --business."));
        Assert.That(named.Out.TrimEnd(), Does.EndWith("No problems were found."));
    }

    [Test]
    public async Task For_a_person_each_check_is_a_line_and_the_last_one_says_what_to_do()
    {
        _stage.Key = "demo-none";

        var ran = await _stage.RunAsync();

        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((3, "")));
        var lines = ran.Error.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.That(lines.SkipLast(1).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2))),
            Is.EqualTo(new[] { "ok key", "ok proxy", "ok name", "ok connection", "ok clock", "FAILED read" }));
        Assert.That(lines[^1], Does.StartWith("chats: getChatMessage of business 1, chat 2, message 1: The key lacks the scope for reading (403, ")
            .And.EndsWith(" Give it one of communication, all-methods, all-methods:read-only in the cabinet; that takes up to 10 minutes."));
    }

    [Test]
    public async Task Without_a_key_the_network_is_looked_at_all_the_same()
    {
        _stage.Key = "";

        var ran = await _stage.RunAsync("--json");

        Assert.That(ran.Json["checks"]!.Select(it => (string)it["state"]!), Is.EqualTo(new[] { "FAILED", "ok", "ok", "ok", "ok", "skipped" }));
    }

    [Test]
    public async Task A_wrong_address_is_wrong_use()
    {
        _stage.Address = new Uri("http://example.org/v2/");

        var ran = await _stage.RunAsync();

        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((2, "")));
        Assert.That(ran.Error, Does.Contain("plain http would show the key"));
    }
}
