using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>Sets up each row of the page's table, and checks that <c>chats doctor</c> prints what the row says.</summary>
public sealed class DoctorTests : ServiceFixture
{
    private static readonly Dictionary<string, Action<DoctorTests>> _faults = new()
    {
        ["there is no key"] = it => it._key = "",
        ["the key was copied with a space"] = it => it._key = "ACMA: key",
        ["the key was copied with its line break"] = it => it._key = "kanarienvogel\n",
        ["the host name does not exist"] = it => it._address = new Uri("https://chats.invalid/v2/"),
        ["the host name is longer than any can be"] = it => it._address = new Uri($"https://{string.Join('.', Enumerable.Repeat(new string('a', 60), 5))}/v2/"),
        ["nothing listens there"] = it => it._address = it._closed.Address,
        ["the proxy is unreachable"] = it =>
            (it._proxy, it._address) = (new WebProxy("127.0.0.1", it._closed.Number), new Uri("https://chats.invalid/v2/")),
        ["a proxy is set, but not as a URL"] = it => (it._proxyVariable, it._address) = ("ftp://127.0.0.1:1", new Uri("https://chats.invalid/v2/")),
        ["the proxy refuses the address"] = it => it.ServeProxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\n<p/>"),
        ["the proxy requires a password"] = it =>
            it.ServeProxy("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"),
        ["an untrusted certificate, such as that of a proxy that inspects TLS"] = it => it.ServeWith("127.0.0.1", -1, 1),
        ["a certificate that has expired"] = it => it.ServeWith("127.0.0.1", -9, -2),
        ["a certificate for another name"] = it => it.ServeWith("other.example", -1, 1),
        ["https to a port without TLS"] = it => it._address = it.Serve(connection => connection.SendAsync("Hello\r\n")).SecureAddress,
        ["something that is not HTTP listens there"] = it => it.Serve("220 mail.example ESMTP\r\n"),
        ["a firewall drops the request"] = it =>
        {
            var clock = new ManualClock(DateTimeOffset.UtcNow);
            it._clock = clock;
            it.Serve(async connection =>
            {
                await connection.ReadRequestAsync();
                clock.Advance(TimeSpan.FromSeconds(15));
                await connection.HoldAsync();
            });
        },
        ["the clock is ten minutes ahead"] = it => it._clock = new ManualClock(DateTimeOffset.UtcNow.AddMinutes(10)),
        ["the clock is ten minutes behind"] = it => it._clock = new ManualClock(DateTimeOffset.UtcNow.AddMinutes(-10)),
        ["the service does not know the key"] = it => it._key = "demo-unknown",
        ["the key was revoked"] = it => it.Emulator.RevokeKey(it._key),
        ["the key lacks the scope"] = it => it._key = "demo-none",
        ["the key has no access to the business"] = it => it._ids = ["--business", "9"],
        ["the account needs a subscription, and no business was given"] = it =>
        {
            it._ids = [];
            it.Serve(RawServer.Json("""{"status":"ERROR","errors":[{"code":"SUBSCRIPTION_REQUIRED","message":"No subscription"}]}""", "403 Forbidden"));
        },
        ["a firewall rejects the request with a page of its own"] = it =>
        {
            it._ids = [];
            it.Serve(RejectedByFirewall);
        },
        ["a wrong path in the address"] = it => it._address = new Uri(it._address, "/v3/"),
        ["there is no such message"] = it => it._ids = ["--business", "1", "--chat", "2", "--message", "9"],
        ["the quota of the hour is used up"] = it => it.Emulator.FindBusiness(1)!.UseQuota(EmulatedOperation.GetChatMessage, 1000),
        ["the business is being migrated"] = it => it.Serve(RawServer.Json("""{"status":"ERROR","errors":[{"code":"LOCKED","message":"Business is in migration"}]}""", "423 Locked")),
        ["the service fails, 500"] = it => it.Emulator.Faults.Next(ChatsFault.InternalServerError),
        ["the service is down, 503"] = it => it.Emulator.Faults.Next(ChatsFault.ServiceUnavailable),
        ["an HTML page instead of the response"] = it => it.Emulator.Faults.Next(ChatsFault.HtmlPage),
        ["the response is cut off"] = it => it.Emulator.Faults.Next(ChatsFault.TruncatedBody),
        ["a redirect, for example to a sign-in page"] = it => it.Serve("HTTP/1.1 302 Found\r\nLocation: https://sign-in.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    };

    /// <summary>Each check, with those that are skipped if it fails.</summary>
    private static readonly Dictionary<string, string[]> _checks = new()
    {
        ["key"] = ["read"],
        ["proxy"] = ["name", "connection", "clock", "read"],
        ["name"] = ["connection", "clock", "read"],
        ["connection"] = ["clock", "read"],
        ["clock"] = [],
        ["read"] = [],
    };

    private const string RejectedByFirewall = "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<p/>";

    private static readonly TestCaseData[] _notes =
    [
        Note("a firewall's 403 with ids", 3, "Something other than the service responded \\(403\\)", it => it.Serve(RejectedByFirewall)),
        Note("a firewall's 401", 3, "Something other than the service responded \\(401\\)",
            it => it.Serve(RejectedByFirewall.Replace("403", "401", StringComparison.Ordinal))),
        Note("a 407 although no proxy is used", 3, "ok +connection(.|\n)+FAILED +read", it =>
            it.Serve("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")),
        Note("a Date with a wrong weekday", 0, "skipped +clock +The response has no usable Date header", it => it.Serve(RawServer.Json(
            """{"status":"ERROR","errors":[{"code":"FORBIDDEN","message":"Access denied"}]}""", "403 Forbidden", "Date: Mon, 21 Nov 2025 10:20:30 GMT\r\n")),
            ids: []),
        Note("a key on standard input that is not UTF-8", 2, "FAILED +key +Standard input is not UTF-8",
            it => it._input = Shell.OpenInput(new MemoryStream([0x6b, 0xe9, 0x0a])), ids: ["--key-stdin"]),
        Note("a pipe on which no key arrives", 2, "FAILED +key +Nothing arrived on standard input within 15 s\\.", it =>
        {
            var clock = new ManualClock(DateTimeOffset.UtcNow);
            it._clock = clock;
            it._input = new SilentReader(() => clock.Advance(TimeSpan.FromSeconds(15)), it._end.Token);
        }, ids: ["--key-stdin"]),
        Note("a host that NO_PROXY exempts", 3, "ok +proxy +No proxy is used\\.(.|\n)+FAILED +name", it => (it._proxyVariable, it._proxy, it._address) = (
            "http://127.0.0.1:1",
            new WebProxy("127.0.0.1", it._closed.Number) { BypassList = ["//exempt"] },
            new Uri("https://exempt.invalid/v2/"))),
        Note("no key", 2, "There is no key\\. Set the environment variable CHATS_API_KEY", it => it._key = ""),
        Note("an IPv6 address", 3, "\\[::1\\]:\\d+ does not accept connections\\.",
            it => it._address = new Uri($"https://[::1]:{it._closed.Number}/v2/")),
        Note("an address without a version", 0, "No problems were found\\. The path of --base-address should end in /v2/: "
            + "the service is going to reject calls without a version\\.$", it => it._address = new Uri(it._address, "/")),
        Note("a 403 without a given business, which proves nothing about access", 0,
            "skipped  read(.|\n)+No problems were found\\. To check the key's access, pass your --business\\.$", it =>
            {
                it.Emulator.AddBusiness(5).AddKey("kanarienvogel", "communication");
                (it._key, it._ids) = ("kanarienvogel", []);
            }),
        Note("the same with the business", 0, "No problems were found\\.$", it =>
        {
            it.Emulator.AddBusiness(5).AddKey("kanarienvogel", "communication");
            (it._key, it._ids) = ("kanarienvogel", ["--business", "5"]);
        }),
    ];

    private static readonly string[][] _rows = [.. Pages.Read("docs/troubleshooting.md").Table("problem")];

    private static IEnumerable<TestCaseData> Rows => _rows.Select(row => new TestCaseData(row[0], row[1], row[2], row[3]).SetArgDisplayNames(row[0]));

    private readonly List<RawServer> _servers = [];
    private readonly ClosedPort _closed = new();
    private string _key = "demo-all";
    private Uri _address = null!;
    private string[] _ids = ["--business", "1", "--chat", "2", "--message", "1"];
    private TimeProvider _clock = TimeProvider.System;
    private IWebProxy _proxy = new WebProxy();
    private string? _proxyVariable;
    private TextReader _input = new StringReader("");
    private readonly CancellationTokenSource _end = new();

    [SetUp]
    public void SetAddress() => _address = Emulator.BaseAddress;

    [TearDown]
    public async Task StopServersAsync()
    {
        await _end.CancelAsync();
        _end.Dispose();
        _closed.Dispose();
        await Task.WhenAll(_servers.Select(server => server.DisposeAsync().AsTask()));
    }

    [TestCaseSource(nameof(Rows))]
    public async Task The_doctor_finds_each_documented_problem(string fault, string check, string says, string exitCode)
    {
        var code = int.Parse(exitCode, CultureInfo.InvariantCulture);
        _faults[fault](this);

        var forScript = await RunAsync("--json");

        using var scope = Assert.EnterMultipleScope();
        var failed = forScript.Json["checks"]!.Where(it => (string?)it["state"] == "FAILED").Select(it => ((string)it["name"]!, (string)it["found"]!)).ToList();
        Assert.That((forScript.ExitCode, (int)forScript.Json["exitCode"]!, forScript.Error), Is.EqualTo((code, code, "")));
        Assert.That(failed.Select(it => it.Item1), Is.EqualTo(new[] { check.Trim('`') }), forScript.Out);
        Assert.That(failed[0].Item2, Does.Match($"^{string.Join(".*", says.Split('…').Select(Regex.Escape))}$"));
        Assert.That((string?)forScript.Json["error"]!["message"], Does.StartWith(failed[0].Item2 + " "), "The sentence, and what to do.");
        var skipped = forScript.Json["checks"]!.Where(it => ((string)it["found"]!).StartsWith("Not checked, because ", StringComparison.Ordinal));
        Assert.That(skipped.Select(it => (string)it["name"]!), Is.EqualTo(_checks[failed[0].Item1]));
        Assert.That(skipped.Select(it => (string)it["found"]!), Is.All.Contain($"because {failed[0].Item1} failed"));
        Assert.That(forScript.Out, Does.Not.Contain(_key.Length > 0 ? _key.Trim() : "\0"));
    }

    [Test]
    public void Every_problem_and_every_check_has_a_row()
    {
        Assert.That(_rows.Select(row => row[0]), Is.EquivalentTo(_faults.Keys));
        Assert.That(_rows.Select(row => row[1].Trim('`')).Distinct(), Is.EquivalentTo(_checks.Keys));
    }

    [TestCase("--business", "1", "--chat", "2", "--message", "1")]
    [TestCase("--business", "1")]
    [TestCase]
    public async Task If_nothing_is_wrong_it_says_so(params string[] ids)
    {
        _ids = ids;

        var ran = await RunAsync();

        Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((0, "")));
        Assert.That(ran.Out, Does.EndWith($"No problems were found.{Environment.NewLine}"));
        Assert.That(Regex.Matches(ran.Out, "(?m)^ok       (\\w+)").Select(match => match.Groups[1].Value), Is.EqualTo(_checks.Keys));
        Assert.That(ran.Out, Does.Not.Contain("lamp").And.Not.Contain("demo-all"), "Neither the text nor the key.");
        Assert.That(Emulator.Requests.Select(request => request.KeyHint is null), Is.EqualTo(new[] { true, false }), "The key goes to the read alone.");
    }

    [TestCaseSource(nameof(_notes))]
    public async Task Problems_outside_the_table_are_reported_too(int exitCode, string says, Action<DoctorTests> arrange)
    {
        arrange(this);

        var ran = await RunAsync();

        Assert.That((ran.ExitCode, ran.Error.Length == 0), Is.EqualTo((exitCode, exitCode == 0)));
        Assert.That(ran.All.ReplaceLineEndings("\n").TrimEnd(), Does.Match(says));
    }

    [Test]
    public async Task The_text_output_has_one_line_per_check_and_ends_with_the_advice()
    {
        _key = "demo-none";

        var ran = await RunAsync();

        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((3, "")));
        var lines = ran.Error.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.That(lines.SkipLast(1).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2))),
            Is.EqualTo(new[] { "ok key", "ok proxy", "ok name", "ok connection", "ok clock", "FAILED read" }));
        Assert.That(lines[^1], Does.StartWith("chats: getChatMessage of business 1, chat 2, message 1: The key lacks the scope for reading (403, ")
            .And.EndsWith(" Add one of communication, all-methods, all-methods:read-only to it in the cabinet; this takes up to 10 minutes."));
    }

    /// <summary>Puts a server in the service's place.</summary>
    private RawServer Serve(RawServer server)
    {
        _servers.Add(server);
        _address = server.Address;
        return server;
    }

    private void Serve(string response) => Serve(RawServer.Responding(response));

    private RawServer Serve(Func<RawConnection, Task> script) => Serve(new RawServer(script));

    private static TestCaseData Note(string name, int exitCode, string says, Action<DoctorTests> arrange, string[]? ids = null) =>
        new TestCaseData(exitCode, says, (DoctorTests it) =>
        {
            it._ids = ids ?? it._ids;
            arrange(it);
        }).SetArgDisplayNames(name);

    /// <summary>Puts a server in the service's place that shows a certificate which nobody trusts.</summary>
    private void ServeWith(string name, int firstDay, int lastDay) => _address = Serve(async connection =>
    {
        using var certificate = CreateCertificate(name, DateTimeOffset.UtcNow.AddDays(firstDay), DateTimeOffset.UtcNow.AddDays(lastDay));
        await connection.SecureAsync(certificate);
    }).SecureAddress;

    /// <summary>Puts a proxy with this response before a service on another machine.</summary>
    private void ServeProxy(string response)
    {
        Serve(response);
        (_proxy, _address) = (new WebProxy(_address), new Uri("https://chats.invalid/v2/"));
    }

    private Task<Ran> RunAsync(params string[] more) => new TestTool { Environment = { ["CHATS_API_KEY"] = _key, ["HTTPS_PROXY"] = _proxyVariable }, Clock = _clock, Proxy = _proxy, Input = _input }
        .RunAsync(["doctor", "--base-address", $"{_address}", .. _ids, .. more]);

    internal static X509Certificate2 CreateCertificate(string name, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var number))
        {
            names.AddIpAddress(number);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(from, to);
        // Some platforms serve only with a key that came out of a file.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }

    /// <summary>A pipe that stays open until the end of the test, and on which nothing arrives.</summary>
    private sealed class SilentReader(Action started, CancellationToken end) : TextReader
    {
        public override string? ReadLine()
        {
            started();
            end.WaitHandle.WaitOne();
            return null;
        }
    }
}
