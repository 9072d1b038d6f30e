using System.Security.Cryptography;
using System.Text.Json;

namespace YandexMarket.Chats.Emulator.Tests.Inbox;

/// <summary>What the page reads and writes, and what another site in the same browser can try, as bare HTTP.</summary>
public sealed class InboxTests : EmulatorTests
{
    private const string Message = """{"business":"1","chat":"2","text":"I was here"}""";
    private const string OwnHost = "127.0.0.1";
    private const string State = "/_inbox/state";
    private const string Messages = "/_inbox/messages";
    private const string Faults = "/_inbox/faults";

    protected override void Configure(ChatsEmulatorOptions options) => options.ServeInbox = true;

    private static IEnumerable<TestCaseData> Refused =>
    [
        // Another name that leads to this machine.
        .. new[] { "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "localhost.", "127.0.0.2", "0.0.0.0", "" }.SelectMany(
            host => Case(403,
                Inbox("GET", "/", host: host), Inbox("GET", $"{State}?business=1&chat=2", host: host), Inbox("POST", Messages, Message, host))),

        // A write of another page, and the read of one.
        .. new[] { "http://evil.example", "http://127.0.0.1:1", "https://127.0.0.1", "http://localhost", "null", null }.SelectMany(origin => Case(403,
            Inbox("POST", Messages, Message, origin: origin), Inbox("POST", Faults, """{"fault":null,"times":1}""", origin: origin),
            Inbox("DELETE", Faults, origin: origin))),
        .. Case(403, Inbox("GET", State, site: "cross-site"), Inbox("GET", State, site: "same-site")),

        // What a form can send.
        .. new[] { "text/plain", "application/x-www-form-urlencoded", null }
            .SelectMany(type => Case(415, Inbox("POST", Messages, Message, type: type))),

        .. Case(405, Inbox("GET", Messages), Inbox("PUT", Faults, "{}"), Inbox("POST", State, "{}")),
        .. Case(404, Inbox("GET", "/_inbox/inbox.js"), Inbox("POST", Messages, """{"business":"1","chat":"3","text":"x"}""")),
        .. new[]
        {
            """{"business":"1","chat":"2","text":" \n "}""",
            """{"business":"1","chat":"2","text":null}""", """{"business":"1","chat":"2"}""",
            """{"business":"one","chat":2,"text":"x"}""", """{"business":null,"chat":2,"text":"x"}""", """{"business":1.5,"chat":2,"text":"x"}""",
            """{"business":"1","chat":"2","text":"x","sender":"PARTNER"}""",
            """{"business":"1","chat":"2","text":"\ud83d"}""",
            $$"""{"business":"1","chat":"2","text":"{{new string('x', 4097)}}"}""",
            "null", "{", "",
        }.SelectMany(body => Case(400, Inbox("POST", Messages, body))),
        .. new[]
        {
            """{"fault":"Response","times":1}""", """{"fault":"Nonsense","times":1}""", """{"fault":"SlowDrip","times":1}""",
            """{"times":1}""", """{"fault":"Garbage"}""",
            """{"fault":"Garbage","times":1,"probability":0.5}""",
            """{"fault":"Garbage","times":0}""", """{"fault":"Garbage","times":1001}""",
            """{"fault":"Garbage","times":1,"operation":"Nonsense"}""",
            """{"fault":"Garbage","probability":1.01}""",
            """{"fault":"Garbage","probability":0.5,"operation":"GetChatMessage"}""",
            """{"fault":"Garbage","probability":"NaN"}""",
        }.SelectMany(body => Case(400, Inbox("POST", Faults, body))),
    ];

    [TestCaseSource(nameof(Refused))]
    public async Task Invalid_and_cross_site_requests_are_rejected_with_a_reason_and_change_nothing(int status, string request)
    {
        Chat.Receive("Zitronenfalter");
        Emulator.Faults.Next(ChatsFault.ResponseLost);

        var response = await SendAsync(request);
        var faults = (await SendAsync("GET", State)).Json.GetProperty("faults");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(response.Status, Is.EqualTo(status), response.Text);
        Assert.That(response.Json.GetProperty("error").GetString(), Is.Not.Empty.And.Not.Contains("Zitronenfalter"));
        Assert.That((Chat.Messages.Count, Emulator.Faults.Pending, faults.GetProperty("probability").GetString()), Is.EqualTo((1, 1, "0")));
        Assert.That(Emulator.Requests.Total, Is.Zero, "It is no call of the service.");
    }

    [TestCase("localhost", "same-origin")]
    [TestCase("LOCALHOST:80", "none")]
    [TestCase("[::1]:8080", null)]
    public async Task The_names_of_the_local_machine_are_accepted(string host, string? site)
    {
        var page = await SendAsync(Inbox("GET", "/", host: host, site: "cross-site"));
        var head = await SendAsync(Inbox("HEAD", "/", host: host));
        var state = await SendAsync(Inbox("GET", State, host: host, site: site));
        var write = await SendAsync(Inbox("POST", Messages, Message, host));

        Assert.That((page.Status, head.Status, head.Body, state.Status, write.Status), Is.EqualTo((200, 200, "", 200, 200)), "A link may lead to the page.");
        Assert.That(Chat.Messages.Single().Text, Is.EqualTo("I was here"));
    }

    [Test]
    public async Task No_response_lets_another_site_read_or_frame_it([Values("/", State)] string target)
    {
        var response = await SendAsync(Inbox("GET", target, origin: "http://evil.example"));

        Assert.That((response.Header("Access-Control-Allow-Origin"), response.Header("Cross-Origin-Resource-Policy"),
                response.Header("X-Content-Type-Options"), response.Header("Cache-Control")),
            Is.EqualTo(((string?)null, "same-origin", "nosniff", "no-store")));
        Assert.That(response.Header("Content-Security-Policy"), Does.Contain("frame-ancestors 'none'"));
    }

    [Test]
    public async Task The_page_runs_only_its_own_script_escapes_texts_and_offers_every_fault()
    {
        var page = await SendAsync("GET", "/");
        var policy = page.Header("Content-Security-Policy")!.Split("; ");
        var select = Regex.Match(page.Body, "<select id=\"fault\">.*?</select>", RegexOptions.Singleline).Value;

        using var scope = Assert.EnterMultipleScope();
        Assert.That(page.Header("Content-Type"), Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(policy, Is.SupersetOf(new[]
        {
            "default-src 'none'", "connect-src 'self'", "base-uri 'none'", "require-trusted-types-for 'script'",
            $"script-src '{HashOf("script", page.Body)}'", $"style-src '{HashOf("style", page.Body)}'",
        }));
        Assert.That(string.Concat(policy), Does.Not.Contain("unsafe"));
        Assert.That(Regex.Matches(page.Body, """https?://[^'"\s>)]+\w""").Select(it => it.Value), Is.All.EqualTo("http://www.w3.org/2000/svg"));
        Assert.That(page.Body, Does.Not.Match("innerHTML =|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\b|new Function|javascript:"));
        Assert.That(page.Body, Does.Not.Contain("/*script*/").And.Not.Contains("/*style*/").And.Contains("</html>"));
        Assert.That(Regex.Matches(select, "<option value=\"(\\w+)\">").Select(it => it.Groups[1].Value),
            Is.EquivalentTo([.. ChatsFault.All.Select(fault => fault.Name).Distinct(), ChatsFault.Stall.Name, ChatsFault.SlowDrip.Name, "Any"]));
    }

    [TestCase(true, "GET", "/v2/")]
    [TestCase(true, "POST", "/")]
    [TestCase(false, "GET", "/")]
    [TestCase(false, "GET", State)]
    [TestCase(false, "POST", Messages)]
    public async Task All_other_addresses_are_those_of_the_service_as_by_default_these_are(bool isServed, string method, string target)
    {
        await RestartAsync(options => options.ServeInbox = isServed || new ChatsEmulatorOptions().ServeInbox);

        var response = await SendAsync(method, target, method == "POST" ? Message : null);

        Assert.That((response.Status, response.ErrorMessage), Is.EqualTo((404, "Resource not found")));
        Assert.That((Emulator.Requests.Total, Chat.Messages.Count), Is.EqualTo((1L, 0)));
    }

    [Test]
    public async Task The_state_has_the_open_chat_with_ids_that_JavaScript_can_represent()
    {
        var chat = Emulator.AddBusiness(9_007_199_254_740_993).AddChat(9_223_372_036_854_775_807);
        chat.Receive("<script>alert(1)</script> \" & '", new ChatAttachment("a<b>.jpg", "https://example.org/a.jpg", 7));
        chat.AddMessage("COURIER", "On my way");
        await SendAsync("POST", Messages, """{"business":9007199254740993,"chat":9223372036854775807,"text":"By numbers"}""");
        await SendAsync("POST", Messages, """{"business":"9007199254740993","chat":"9223372036854775807","text":"By strings"}""");

        var response = await SendAsync("GET", $"{State}?business=9007199254740993&chat=9223372036854775807");
        var messages = response.Json.GetProperty("messages");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(response.Header("Content-Type"), Is.EqualTo("application/json"));
        Assert.That(response.Body, Does.Not.Contain("<").And.Not.Contains(">"), "It would not even be HTML if read as HTML.");
        Assert.That(response.Json.GetProperty("businesses")[1].GetProperty("id").GetString(), Is.EqualTo("9007199254740993"));
        Assert.That(messages[0].GetProperty("text").GetString(), Is.EqualTo("<script>alert(1)</script> \" & '"));
        Assert.That(messages[0].GetProperty("attachments")[0].GetProperty("name").GetString(), Is.EqualTo("a<b>.jpg"));
        Assert.That(messages[1].GetProperty("sender").GetString(), Is.EqualTo("COURIER"));
        Assert.That(chat.Messages.Skip(2).Select(it => it.Text), Is.EqualTo(new[] { "By numbers", "By strings" }));
    }

    [Test]
    public async Task The_state_has_only_new_messages_at_most_200_and_none_of_an_unknown_chat()
    {
        for (var i = 0; i < 250; i++)
        {
            Chat.Receive("x");
        }

        async Task<int[]?> IdsAsync(string query)
        {
            var ids = (await SendAsync("GET", $"{State}?{query}")).Json.GetProperty("messages");
            return ids.ValueKind == JsonValueKind.Null ? null : [.. ids.EnumerateArray().Select(it => int.Parse(it.GetProperty("id").GetString()!, null))];
        }

        Assert.That(await IdsAsync("business=1&chat=2&after=0"), Is.EqualTo(Enumerable.Range(51, 200)));
        Assert.That(await IdsAsync("business=1&chat=2&after=248"), Is.EqualTo(new[] { 249, 250 }));
        Assert.That(await IdsAsync("business=1&chat=2&after=250"), Is.Empty);
        Assert.That(await IdsAsync(""), Is.Null);
        Assert.That(await IdsAsync("business=1&chat=3"), Is.Null);
        Assert.That(await IdsAsync("business=x&chat=-2&after=99999999999999999999"), Is.Null);
    }

    [Test]
    public async Task The_state_has_calls_limits_and_faults_without_texts_and_keys()
    {
        Emulator.AddKey("kanarienvogel", "communication");
        Emulator.Faults.Next(ChatsFault.ResponseLost);
        await PostAsync(Send, """{"message":"Zitronenfalter"}""", "kanarienvogel");
        await PostAsync(Send, $$"""{"message":"{{new string('Z', 5000)}}"}""", "kanarienvogel");
        Emulator.Faults.Next(ChatsFault.Garbage, times: 3, EmulatedOperation.SendMessageToChat);
        Emulator.Faults.Random(1, 0.25, ChatsFault.HtmlPage.AfterDelivery());

        var response = await SendAsync("GET", State);
        var business = response.Json.GetProperty("businesses")[0];
        var calls = response.Json.GetProperty("calls");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(business.GetRawText(), Is.EqualTo("""
            {"id":"1","callsInProgress":"0","atOnce":"4","reads":{"limit":"1000","remaining":"1000","until":"2025-11-21T11:00:00+00:00"},
            "sends":{"limit":"1000","remaining":"998","until":"2025-11-21T11:00:00+00:00"},"chats":[{"id":"2","messages":"1"}]}
            """.ReplaceLineEndings("")));
        Assert.That((calls[0].GetProperty("status").GetString(), calls[0].GetProperty("errorCode").GetString()), Is.EqualTo(("400", "BAD_REQUEST")));
        Assert.That(calls[1].GetProperty("status").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That((calls[1].GetProperty("fault").GetProperty("name").GetString(), calls[1].GetProperty("deliveredMessageId").GetString(),
            calls[1].GetProperty("keyHint").GetString()), Is.EqualTo(("ResponseLost", "1", "kana…")));
        Assert.That(response.Json.GetProperty("faults").GetRawText(), Is.EqualTo("""
            {"appliedCount":"1","probability":"0.25","random":{"name":"HtmlPage","isAfterDelivery":true,"duration":null},
            "next":[{"fault":{"name":"Garbage","isAfterDelivery":false,"duration":null},"operation":"SendMessageToChat","times":"3"}]}
            """.ReplaceLineEndings("")));
        Assert.That(response.Text, Does.Not.Contain("Zitronenfalter").And.Not.Contains("ZZZ").And.Not.Contains("kanarien"));
    }

    [Test]
    public async Task Faults_are_applied_until_they_are_cleared()
    {
        var longest = await SendAsync("POST", Messages, $$"""{"business":"1","chat":"2","text":"{{new string('я', 4096)}}"}""");
        var next = await SendAsync("POST", Faults,
            """{"fault":"InternalServerError","afterDelivery":true,"times":1,"operation":"SendMessageToChat"}""");
        var read = await GetAsync();
        var sent = await PostAsync();
        var random = await SendAsync("POST", Faults, """{"fault":"ServiceUnavailable","probability":1}""");
        var failed = await PostAsync();
        var any = await SendAsync("POST", Faults, """{"fault":null,"times":3}""");
        var pending = Emulator.Faults.Pending;
        var clear = await SendAsync("DELETE", Faults);
        var good = await PostAsync();

        Assert.That(new[] { longest, next, random, any, clear }.Select(it => it.Status), Is.All.EqualTo(200));
        Assert.That((read.Status, sent.Status, failed.Status, good.Status, pending), Is.EqualTo((200, 500, 503, 200, 3)));
        Assert.That(Chat.Messages.Select(it => it.Id), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_too_large_body_is_rejected([Values] bool isChunked)
    {
        var body = isChunked ? $"Transfer-Encoding: chunked\r\n\r\n20000\r\n{new string(' ', 65_600)}" : "Content-Length: 65537\r\n\r\n";
        using var socket = await OpenAsync($"POST /_inbox/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n{Json}{body}");

        // Not to the end of the connection: the server waits a while for the rest of the body.
        Assert.That(await ReadUntilAsync(socket, text => text.Contains('\n')), Does.StartWith("HTTP/1.1 413 "));
    }

    private static string HashOf(string tag, string html)
    {
        var text = Regex.Match(html, $"<{tag}>(.*?)</{tag}>", RegexOptions.Singleline).Groups[1].Value;
        return $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
    }

    private Task<RawResponse> SendAsync(string method, string target, string? body = null) => SendAsync(Inbox(method, target, body));

    private static IEnumerable<TestCaseData> Case(int status, params string[] requests) =>
        requests.Select(request => new TestCaseData(status, request).SetArgDisplayNames($"{status}", NameOf(request)));

    /// <summary>A request of the page by default. Null leaves a header out.</summary>
    private static string Inbox(
        string method, string target, string? body = null, string host = OwnHost, string? origin = "own", string? type = "application/json",
        string? site = null)
    {
        static string Header(string name, string? value) => value is null ? "" : $"{name}: {value}\r\n";
        var content = body is null ? "" : Header("Content-Type", type) + Header("Content-Length", $"{Encoding.UTF8.GetByteCount(body)}");
        return $"{method} {target} HTTP/1.1\r\n{Header("Host", host)}Connection: close\r\n"
            + $"{Header("Origin", origin == "own" ? $"http://{host}" : origin)}{Header("Sec-Fetch-Site", site)}{content}\r\n{body}";
    }
}
