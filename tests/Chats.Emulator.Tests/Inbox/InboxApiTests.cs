using System.Text.Json;

namespace YandexMarket.Chats.Emulator.Tests.Inbox;

/// <summary>What the page reads and writes, as bare HTTP.</summary>
public sealed class InboxApiTests : InboxTests
{
    [Test]
    public async Task The_state_has_the_open_chat_with_ids_that_JavaScript_can_hold()
    {
        var chat = Emulator.AddBusiness(9_007_199_254_740_993).AddChat(9_223_372_036_854_775_807);
        chat.Receive("<script>alert(1)</script> \" & '", new ChatAttachment("a<b>.jpg", "https://example.org/a.jpg", 7));
        chat.AddMessage("COURIER", "On my way");

        var response = await SendAsync("GET", "/_inbox/state?business=9007199254740993&chat=9223372036854775807");
        var messages = response.Json.GetProperty("messages");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Header("Content-Type"), Is.EqualTo("application/json"));
            Assert.That(response.Body, Does.Not.Contain("<").And.Not.Contains(">"), "It would not even be HTML if read as HTML.");
            Assert.That(response.Json.GetProperty("businesses")[1].GetProperty("id").GetString(), Is.EqualTo("9007199254740993"));
            Assert.That(messages[0].GetProperty("text").GetString(), Is.EqualTo("<script>alert(1)</script> \" & '"));
            Assert.That(messages[0].GetProperty("files")[0].GetProperty("name").GetString(), Is.EqualTo("a<b>.jpg"));
            Assert.That(messages[1].GetProperty("sender").GetString(), Is.EqualTo("COURIER"));
        }
    }

    [Test]
    public async Task The_state_has_only_new_messages_and_at_most_200()
    {
        for (var i = 0; i < 250; i++)
        {
            Chat.Receive("x");
        }

        var first = await IdsAsync(after: 0);
        var next = await IdsAsync(after: 248);
        var none = await IdsAsync(after: 250);

        Assert.That((first.Count, first[0], first[^1]), Is.EqualTo((200, "51", "250")));
        Assert.That(next, Is.EqualTo(new[] { "249", "250" }));
        Assert.That(none, Is.Empty);
    }

    [TestCase("")]
    [TestCase("business=1&chat=3")]
    [TestCase("business=x&chat=-2&after=99999999999999999999")]
    public async Task An_unknown_chat_has_no_messages(string query)
    {
        Chat.Receive("x");

        var response = await SendAsync("GET", "/_inbox/state?" + query);

        Assert.That((response.Status, response.Json.GetProperty("messages").ValueKind), Is.EqualTo((200, JsonValueKind.Null)));
    }

    [Test]
    public async Task The_state_has_calls_limits_and_faults_without_texts_and_keys()
    {
        Emulator.AddKey("kanarienvogel", "communication");
        Emulator.Faults.Next(ChatsFault.ResponseLost, times: 1);
        await PostAsync(Send, """{"message":"Zitronenfalter"}""", "kanarienvogel");
        await PostAsync(Send, $$"""{"message":"{{new string('Z', 5000)}}"}""", "kanarienvogel");
        Emulator.Faults.Next(ChatsFault.Garbage, times: 3, EmulatedOperation.SendMessageToChat);
        Emulator.Faults.Random(1, 0.25, ChatsFault.HtmlPage.AfterDelivery());

        var response = await SendAsync("GET", "/_inbox/state");
        var business = response.Json.GetProperty("businesses")[0];
        var calls = response.Json.GetProperty("calls");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(business.GetProperty("sends").GetRawText(), Is.EqualTo("""{"limit":1000,"remaining":998,"until":"2025-11-21T11:00:00+00:00"}"""));
            Assert.That(business.GetProperty("reads").GetProperty("remaining").GetInt32(), Is.EqualTo(1000));
            Assert.That((business.GetProperty("underWay").GetInt32(), business.GetProperty("atOnce").GetInt32()), Is.EqualTo((0, 4)));
            Assert.That(calls[0].GetProperty("status").GetInt32(), Is.EqualTo(400));
            Assert.That(calls[0].GetProperty("code").GetString(), Is.EqualTo("BAD_REQUEST"));
            Assert.That(calls[1].GetProperty("status").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(calls[1].GetProperty("fault").GetString(), Is.EqualTo("ResponseLost"));
            Assert.That(calls[1].GetProperty("delivered").GetString(), Is.EqualTo("1"));
            Assert.That(calls[1].GetProperty("key").GetString(), Is.EqualTo("kana…"));
            Assert.That(response.Json.GetProperty("faults").GetRawText(), Is.EqualTo("""
                {"appliedCount":1,"probability":0.25,"random":"HtmlPage","randomAfterDelivery":true,
                "next":[{"fault":"Garbage","afterDelivery":false,"operation":"SendMessageToChat","times":3}]}
                """.ReplaceLineEndings("")));
            Assert.That(response.Text, Does.Not.Contain("Zitronenfalter").And.Not.Contains("ZZZ").And.Not.Contains("kanarien"));
        }
    }

    [TestCase("""{"business":"1","chat":"3","text":"x"}""", 404)]
    [TestCase("""{"business":"1","chat":"2","text":" \n "}""", 400)]
    [TestCase("""{"business":"1","chat":"2","text":null}""", 400)]
    [TestCase("""{"business":"1","chat":"2"}""", 400)]
    [TestCase("""{"business":1,"chat":2,"text":"x"}""", 400)]
    [TestCase("""{"business":"1","chat":"2","text":"x","sender":"PARTNER"}""", 400)]
    [TestCase("""{"business":"1","chat":"2","text":"\ud83d"}""", 400)]
    [TestCase("null", 400)]
    [TestCase("{", 400)]
    [TestCase("", 400)]
    public async Task An_invalid_message_is_rejected_with_a_reason(string body, int status)
    {
        var response = await SendAsync("POST", "/_inbox/messages", body);

        Assert.That((response.Status, Chat.Messages.Count), Is.EqualTo((status, 0)));
        Assert.That(response.Json.GetProperty("error").GetString(), Is.Not.Empty);
    }

    [Test]
    public async Task A_message_can_be_as_long_as_the_service_allows([Values(4096, 4097)] int length)
    {
        var response = await SendAsync("POST", "/_inbox/messages", $$"""{"business":"1","chat":"2","text":"{{new string('я', length)}}"}""");

        Assert.That((response.Status, Chat.Messages.Count), Is.EqualTo(length == 4096 ? (200, 1) : (400, 0)));
    }

    [TestCase("""{"fault":"Nonsense","times":1}""")]
    [TestCase("""{"fault":"SlowDrip","times":1}""")]
    [TestCase("""{"times":1}""")]
    [TestCase("""{"fault":"Garbage"}""")]
    [TestCase("""{"fault":"Garbage","times":1,"probability":0.5}""")]
    [TestCase("""{"fault":"Garbage","times":0}""")]
    [TestCase("""{"fault":"Garbage","times":1001}""")]
    [TestCase("""{"fault":"Garbage","times":1,"operation":"Nonsense"}""")]
    [TestCase("""{"fault":"Garbage","probability":1.01}""")]
    [TestCase("""{"fault":"Garbage","probability":0.5,"operation":"GetChatMessage"}""")]
    [TestCase("""{"fault":"Garbage","probability":"NaN"}""")]
    public async Task An_invalid_fault_is_rejected_and_changes_nothing(string body)
    {
        Emulator.Faults.Next(ChatsFault.Stall);

        var response = await SendAsync("POST", "/_inbox/faults", body);
        var faults = (await SendAsync("GET", "/_inbox/state")).Json.GetProperty("faults");

        Assert.That((response.Status, Emulator.Faults.Pending), Is.EqualTo((400, 1)));
        Assert.That(faults.GetProperty("probability").GetDouble(), Is.Zero);
    }

    [Test]
    public async Task Faults_are_applied_until_they_are_cleared()
    {
        var next = await SendAsync("POST", "/_inbox/faults",
            """{"fault":"InternalServerError","afterDelivery":true,"times":1,"operation":"SendMessageToChat"}""");
        var read = await GetAsync();
        var sent = await PostAsync();
        var random = await SendAsync("POST", "/_inbox/faults", """{"fault":"ServiceUnavailable","probability":1}""");
        var failed = await PostAsync();
        var any = await SendAsync("POST", "/_inbox/faults", """{"fault":null,"times":3}""");
        var pending = Emulator.Faults.Pending;
        var clear = await SendAsync("DELETE", "/_inbox/faults");
        var good = await PostAsync();

        Assert.That((next.Status, random.Status, any.Status, clear.Status, pending), Is.EqualTo((200, 200, 200, 200, 3)));
        Assert.That((read.Status, sent.Status, failed.Status, good.Status), Is.EqualTo((404, 500, 503, 200)));
        Assert.That(Chat.Messages.Select(it => it.Id), Is.EqualTo(new[] { 1, 2 }));
    }

    [TestCase("GET", "/_inbox/messages", 405)]
    [TestCase("PUT", "/_inbox/faults", 405)]
    [TestCase("POST", "/_inbox/state", 405)]
    [TestCase("GET", "/_inbox/", 404)]
    [TestCase("GET", "/_inbox/inbox.js", 404)]
    public async Task Other_methods_and_addresses_are_rejected(string method, string target, int status)
    {
        var response = await SendAsync(method, target, method == "GET" ? null : "{}");

        Assert.That((response.Status, Emulator.Requests.Total), Is.EqualTo((status, 0L)));
    }

    [Test]
    public async Task A_body_too_big_is_rejected([Values] bool isChunked)
    {
        var body = isChunked ? $"Transfer-Encoding: chunked\r\n\r\n20000\r\n{new string(' ', 65_600)}" : "Content-Length: 65537\r\n\r\n";
        using var socket = await Wire.OpenAsync(
            Emulator, $"POST /_inbox/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n{Wire.Json}{body}");

        // Not to the end of the connection: the server waits a while for the rest of the body.
        Assert.That(await Wire.ReadUntilAsync(socket, "\r\n"), Does.StartWith("HTTP/1.1 413 "));
    }

    private async Task<List<string?>> IdsAsync(int after)
    {
        var response = await SendAsync("GET", $"/_inbox/state?business=1&chat=2&after={after}");
        return [.. response.Json.GetProperty("messages").EnumerateArray().Select(it => it.GetProperty("id").GetString())];
    }
}
