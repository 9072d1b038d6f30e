using System.Text.Json;

namespace YandexMarket.Chats.Emulator.Tests.Inbox;

/// <summary>What the page asks and orders, over bare HTTP.</summary>
public sealed class InboxApiTests
{
    [Test]
    public async Task Everything_of_the_chosen_chat_is_told_with_numbers_that_javascript_keeps()
    {
        await using var emulator = await InboxWire.StartAsync();
        var chat = emulator.AddBusiness(9_007_199_254_740_993).AddChat(9_223_372_036_854_775_807);
        chat.Receive("<script>alert(1)</script> \" & '", new ChatAttachment("a<b>.jpg", "https://example.org/a.jpg", 7));
        chat.AddMessage(new EmulatedSender("COURIER"), "On my way");

        var answer = await InboxWire.AskAsync(emulator, "GET", "/_inbox/state?business=9007199254740993&chat=9223372036854775807");
        var messages = answer.Json.GetProperty("messages");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Header("Content-Type"), Is.EqualTo("application/json"));
            Assert.That(answer.Body, Does.Not.Contain("<").And.Not.Contains(">"), "Even taken for HTML it would be none.");
            Assert.That(answer.Json.GetProperty("businesses")[0].GetProperty("id").GetString(), Is.EqualTo("9007199254740993"));
            Assert.That(messages[0].GetProperty("text").GetString(), Is.EqualTo("<script>alert(1)</script> \" & '"));
            Assert.That(messages[0].GetProperty("files")[0].GetProperty("name").GetString(), Is.EqualTo("a<b>.jpg"));
            Assert.That(messages[1].GetProperty("sender").GetString(), Is.EqualTo("COURIER"));
        }
    }

    [Test]
    public async Task Only_what_is_new_is_told_and_never_more_than_two_hundred()
    {
        await using var emulator = await InboxWire.StartAsync();
        var chat = emulator.AddBusiness(1).AddChat(2);
        for (var i = 0; i < 250; i++)
        {
            chat.Receive("x");
        }

        var first = await IdsAsync(emulator, "business=1&chat=2&after=0");
        var next = await IdsAsync(emulator, "business=1&chat=2&after=248");
        var none = await IdsAsync(emulator, "business=1&chat=2&after=250");

        Assert.That((first.Count, first[0], first[^1]), Is.EqualTo((200, "51", "250")));
        Assert.That(next, Is.EqualTo(new[] { "249", "250" }));
        Assert.That(none, Is.Empty);
    }

    [TestCase("")]
    [TestCase("business=1&chat=3")]
    [TestCase("business=x&chat=-2&after=99999999999999999999")]
    public async Task A_chat_that_is_none_has_no_messages(string query)
    {
        await using var emulator = await InboxWire.StartAsync();
        emulator.AddBusiness(1).AddChat(2).Receive("x");

        var answer = await InboxWire.AskAsync(emulator, "GET", "/_inbox/state?" + query);

        Assert.That((answer.Status, answer.Json.GetProperty("messages").ValueKind), Is.EqualTo((200, JsonValueKind.Null)));
    }

    [Test]
    public async Task Calls_limits_and_faults_are_told_without_texts_and_keys()
    {
        var clock = new ManualClock();
        await using var emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions { ServesInbox = true, TimeProvider = clock });
        emulator.AddKey("kanarienvogel", "communication");
        emulator.AddBusiness(1).AddChat(2);
        emulator.Faults.Next(ChatsFault.ResponseLost, times: 1);
        await Wire.PostAsync(emulator, "/v2/businesses/1/chats/message?chatId=2", """{"message":"Zitronenfalter"}""", "kanarienvogel");
        await Wire.PostAsync(emulator, "/v2/businesses/1/chats/message?chatId=2", $$"""{"message":"{{new string('Z', 5000)}}"}""", "kanarienvogel");
        emulator.Faults.Next(ChatsFault.Garbage, times: 3, EmulatedOperation.SendMessageToChat);
        emulator.Faults.Random(1, 0.25, ChatsFault.HtmlPage.AfterDelivery());

        var answer = await InboxWire.AskAsync(emulator, "GET", "/_inbox/state");
        var business = answer.Json.GetProperty("businesses")[0];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(business.GetProperty("sends").GetRawText(), Is.EqualTo("""{"limit":1000,"remaining":998,"until":"2025-11-21T11:00:00+00:00"}"""));
            Assert.That(business.GetProperty("reads").GetProperty("remaining").GetInt32(), Is.EqualTo(1000));
            Assert.That((business.GetProperty("underWay").GetInt32(), business.GetProperty("atOnce").GetInt32()), Is.EqualTo((0, 4)));
            var calls = answer.Json.GetProperty("calls");
            Assert.That(calls[0].GetProperty("status").GetInt32(), Is.EqualTo(400));
            Assert.That(calls[0].GetProperty("code").GetString(), Is.EqualTo("BAD_REQUEST"));
            Assert.That(calls[1].GetProperty("status").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(calls[1].GetProperty("fault").GetString(), Is.EqualTo("ResponseLost"));
            Assert.That(calls[1].GetProperty("delivered").GetString(), Is.EqualTo("1"));
            Assert.That(calls[1].GetProperty("key").GetString(), Is.EqualTo("kana…"));
            Assert.That(answer.Json.GetProperty("faults").GetRawText(), Is.EqualTo("""
                {"appliedCount":1,"probability":0.25,"random":"HtmlPage","randomAfterDelivery":true,
                "next":[{"fault":"Garbage","afterDelivery":false,"operation":"SendMessageToChat","times":3}]}
                """.ReplaceLineEndings("")));
            Assert.That(answer.Text, Does.Not.Contain("Zitronenfalter").And.Not.Contains("ZZZ").And.Not.Contains("kanarien"));
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
    public async Task A_message_that_is_none_is_refused_with_a_reason(string body, int status)
    {
        await using var emulator = await InboxWire.StartAsync();
        var chat = emulator.AddBusiness(1).AddChat(2);

        var answer = await InboxWire.AskAsync(emulator, "POST", "/_inbox/messages", body);

        Assert.That((answer.Status, chat.Messages.Count), Is.EqualTo((status, 0)));
        Assert.That(answer.Json.GetProperty("error").GetString(), Is.Not.Empty);
    }

    [Test]
    public async Task A_message_has_room_for_as_much_as_the_service_allows_and_no_more([Values(4096, 4097)] int length)
    {
        await using var emulator = await InboxWire.StartAsync();
        var chat = emulator.AddBusiness(1).AddChat(2);

        var answer = await InboxWire.AskAsync(emulator, "POST", "/_inbox/messages",
            $$"""{"business":"1","chat":"2","text":"{{new string('я', length)}}"}""");

        Assert.That((answer.Status, chat.Messages.Count), Is.EqualTo(length == 4096 ? (200, 1) : (400, 0)));
    }

    [TestCase("""{"fault":"Nonsense","times":1}""")]
    [TestCase("""{"fault":"SlowDrip","times":1}""")]
    [TestCase("""{"fault":"Garbage"}""")]
    [TestCase("""{"fault":"Garbage","times":1,"probability":0.5}""")]
    [TestCase("""{"fault":"Garbage","times":0}""")]
    [TestCase("""{"fault":"Garbage","times":1001}""")]
    [TestCase("""{"fault":"Garbage","times":1,"operation":"Nonsense"}""")]
    [TestCase("""{"fault":"Garbage","probability":1.01}""")]
    [TestCase("""{"fault":"Garbage","probability":0.5,"operation":"GetChatMessage"}""")]
    [TestCase("""{"fault":"Garbage","probability":"NaN"}""")]
    public async Task A_fault_that_is_none_is_refused_and_changes_nothing(string body)
    {
        await using var emulator = await InboxWire.StartAsync();
        emulator.Faults.Next(ChatsFault.Stall);

        var answer = await InboxWire.AskAsync(emulator, "POST", "/_inbox/faults", body);
        var faults = (await InboxWire.AskAsync(emulator, "GET", "/_inbox/state")).Json.GetProperty("faults");

        Assert.That((answer.Status, emulator.Faults.Pending), Is.EqualTo((400, 1)));
        Assert.That(faults.GetProperty("probability").GetDouble(), Is.Zero);
    }

    [Test]
    public async Task A_fault_ordered_here_strikes_there_until_it_is_called_off()
    {
        await using var emulator = await InboxWire.StartAsync();
        emulator.AddKey("key", "communication");
        var chat = emulator.AddBusiness(1).AddChat(2);
        const string Target = "/v2/businesses/1/chats/message?chatId=2";

        var next = await InboxWire.AskAsync(emulator, "POST", "/_inbox/faults",
            """{"fault":"InternalServerError","afterDelivery":true,"times":1,"operation":"SendMessageToChat"}""");
        var read = await Wire.GetAsync(emulator, Target + "&messageId=1");
        var sent = await Wire.PostAsync(emulator, Target, """{"message":"Hello"}""");
        var chance = await InboxWire.AskAsync(emulator, "POST", "/_inbox/faults", """{"fault":"ServiceUnavailable","probability":1}""");
        var struck = await Wire.PostAsync(emulator, Target, """{"message":"Hello"}""");
        var clear = await InboxWire.AskAsync(emulator, "DELETE", "/_inbox/faults");
        var well = await Wire.PostAsync(emulator, Target, """{"message":"Hello"}""");

        Assert.That((next.Status, chance.Status, clear.Status), Is.EqualTo((200, 200, 200)));
        Assert.That((read.Status, sent.Status, struck.Status, well.Status), Is.EqualTo((404, 500, 503, 200)));
        Assert.That(chat.Messages.Select(it => it.Id), Is.EqualTo(new[] { 1, 2 }));
    }

    [TestCase("GET", "/_inbox/messages", 405)]
    [TestCase("PUT", "/_inbox/faults", 405)]
    [TestCase("POST", "/_inbox/state", 405)]
    [TestCase("GET", "/_inbox/", 404)]
    [TestCase("GET", "/_inbox/inbox.js", 404)]
    public async Task What_the_inbox_does_not_have_it_says(string method, string target, int status)
    {
        await using var emulator = await InboxWire.StartAsync();

        var answer = await InboxWire.AskAsync(emulator, method, target, method == "GET" ? null : "{}");

        Assert.That((answer.Status, emulator.Requests.Total), Is.EqualTo((status, 0L)));
    }

    [Test]
    public async Task A_body_too_big_is_not_read()
    {
        await using var emulator = await InboxWire.StartAsync();

        using var socket = await Wire.OpenAsync(emulator);

        await socket.SendAsync("POST /_inbox/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 65537\r\n\r\n"u8.ToArray());

        // Not to the end of the connection: the server waits a while for what was stated.
        Assert.That(await Wire.ReadUntilAsync(socket, "\r\n"), Does.StartWith("HTTP/1.1 413 "));
    }

    private static async Task<List<string?>> IdsAsync(ChatsEmulator emulator, string query)
    {
        var answer = await InboxWire.AskAsync(emulator, "GET", "/_inbox/state?" + query);
        return [.. answer.Json.GetProperty("messages").EnumerateArray().Select(it => it.GetProperty("id").GetString())];
    }
}
