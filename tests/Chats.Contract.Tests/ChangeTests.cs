namespace YandexMarket.Chats.Contract.Tests;

/// <summary>What changes in the contract changes in the client, without a line of C#; what is unusual in it, but known to the templates, works.</summary>
[Slow]
internal sealed class ChangeTests
{
    private const string Ok = """{"status":"OK"}""";

    /// <summary>Names like keywords, and like the variables of the generated readers.</summary>
    private static readonly string[] _names = ["class", "event", "namespace", "model", "reader", "writer", "item", "value", "member", "hasName", "theName", "write"];

    private static readonly string[] _texts =
    [
        "  title: Yandex Market Partner API, buyers' chats\n",
        "  version: 2.0.0\n",
        "  communication: Communication with buyers.\n",
        "      summary: Sends a text to the buyer of a chat.\n",
        "      description: The id of the chat.\n",
        "          description: The message.\n",
        "      description: What every response of the service has in common.\n",
        "      description: A file of a message.\n",
        "          description: The text for the buyer.\n",
        "          description: The name of the file. It may be empty.\n",
    ];

    private static readonly Lazy<CompiledClient> _changed = new(() => Real
        .With("  - url: https://api.partner.market.yandex.ru/v2\n", "  - url: https://example.org/v3\n")
        .With("      name: Api-Key\n", "      name: X-Token\n")
        .WithAfter("x-scopes:\n", "  'chats.v2:bot': Answering by itself.\n")
        .With("      x-auth-scopes: [communication, all-methods]\n", "      x-auth-scopes: [communication, 'chats.v2:bot']\n")
        .WithQuota("      x-quota-per-hour: 7\n")
        .With("      required: [message]\n", "      required: [text]\n")
        .With(
            "        message:\n          type: string\n          minLength: 1\n          maxLength: 4096\n",
            "        text:\n          type: string\n          minLength: 3\n          maxLength: 5000\n")
        .With("      required: [messageId, createdAt, sender]\n", "      required: [id, createdAt, sender, message]\n")
        .With("        messageId:\n          type: integer\n", "        id:\n          type: integer\n")
        .With("      enum: [PARTNER, CUSTOMER, MARKET, SUPPORT]\n", "      enum: [PARTNER, CUSTOMER, MARKET, SUPPORT, BOT]\n")
        .With("      x-enumNames: [Partner, Customer, Market, Support]\n", "      x-enumNames: [Partner, Customer, Market, Support, Bot]\n")
        .Compile());

    private static ChangedContract Real => ChangedContract.Unchanged;

    [Test]
    public async Task The_server_the_header_of_the_key_and_the_body()
    {
        var client = _changed.Value.Connect(Ok);

        await client.Client.SendMessageToChatAsync(1L, 2L, text: "hello");

        var request = client.Requests.Single();
        Assert.That(request.Line, Is.EqualTo("POST https://example.org/v3/businesses/1/chats/message?chatId=2"));
        Assert.That(request.Headers, Contains.Key("X-Token").WithValue("key").And.Not.ContainKey("Api-Key"));
        Assert.That(request.Body, Is.EqualTo("""{"text":"hello"}"""));
    }

    [Test]
    public async Task The_shortest_and_the_longest_text()
    {
        var client = _changed.Value.Connect(Ok);

        await client.SendAsync("abc");
        await client.SendAsync(new string('x', 5000));

        foreach (var length in new[] { 2, 5001 })
        {
            Assert.That(() => client.SendAsync(new string('x', length)), Throws.ArgumentException.With.Property("ParamName").EqualTo("text"));
        }

        Assert.That(client.Requests, Has.Count.EqualTo(2));
        Assert.That(_changed.Value.DocumentationOf("SendMessageToChatAsync"), Does.Contain("At most 5000 characters"));
    }

    [Test]
    public async Task The_scopes_of_an_operation()
    {
        await Real.Compile().Connect(Ok, grantedScopes: ["all-methods"]).SendAsync();
        await _changed.Value.Connect(Ok, grantedScopes: ["chats.v2:bot"]).SendAsync();
        var refused = _changed.Value.Connect(Ok, grantedScopes: ["all-methods"]);

        Assert.That(
            () => refused.SendAsync(),
            Throws.InstanceOf(_changed.Value.Type("ChatsScopeException")).With.Message.Contains("It needs one of: communication, chats.v2:bot."));
        Assert.That(refused.Requests, Is.Empty);
        foreach (var type in new[] { "IChatsClient", "ChatsClient" })
        {
            dynamic attribute = _changed.Value.Type(type).GetMethod("SendMessageToChatAsync")!.GetCustomAttribute(_changed.Value.Type("RequiredScopesAttribute"))!;
            Assert.That((IEnumerable<string>)attribute.Scopes, Is.EqualTo(["communication", "chats.v2:bot"]));
        }

        Assert.That((IEnumerable<string>)_changed.Value.Operation("SendMessageToChat").RequiredScopes, Is.EqualTo(["communication", "chats.v2:bot"]));
        Assert.That(_changed.Value.Type("ChatsScopes").GetField("ChatsV2Bot")!.GetValue(null), Is.EqualTo("chats.v2:bot"));
        Assert.That(_changed.Value.DocumentationOf("SendMessageToChatAsync"), Does.Contain("one of the scopes: <c>communication</c>, <c>chats.v2:bot</c>. Quota"));
    }

    [Test]
    public void The_quota_of_an_operation()
    {
        Assert.That((int)_changed.Value.Operation("SendMessageToChat").QuotaPerHour, Is.EqualTo(7));
        Assert.That((int)_changed.Value.Operation("GetChatMessage").QuotaPerHour, Is.EqualTo(1000));
        Assert.That(_changed.Value.DocumentationOf("SendMessageToChatAsync"), Does.Contain("Quota: 7 requests an hour"));
    }

    [TestCase(""" "id":77,"message":"text" """, null)]
    [TestCase(""" "message":"text" """, "ChatMessage.id is missing")]
    [TestCase(""" "id":77 """, "ChatMessage.message is missing")]
    public async Task The_members_of_a_model(string members, string? missing)
    {
        var client = _changed.Value.Connect(Message(members, sender: "BOT"));

        if (missing is null)
        {
            var message = await client.ReadAsync();
            Assert.That(((long)message.Id, ((object)message.Sender).ToString()), Is.EqualTo((77L, "Bot")));
            Assert.That(_changed.Value.Type("ChatMessage").GetProperty("MessageId"), Is.Null);
        }
        else
        {
            Assert.That(client.ReadAsync, Throws.InstanceOf(_changed.Value.Type("ChatsResponseException")).With.Message.Contains(missing));
        }
    }

    [Test]
    public async Task Whether_an_enum_is_open()
    {
        var closed = Real.With("      x-open-enum: true\n      enum: [PARTNER,", "      enum: [PARTNER,").Compile();
        object open = (await Real.Compile().Connect(Message(sender: "BOT")).ReadAsync()).Sender;
        object known = (await closed.Connect(Message(sender: "PARTNER")).ReadAsync()).Sender;

        Assert.That((open.ToString(), known.ToString()), Is.EqualTo(("Unknown", "Partner")));
        Assert.That(Enum.GetNames(closed.Type("ChatMessageSender")), Has.None.EqualTo("Unknown"));
        Assert.That(
            closed.Connect(Message(sender: "BOT")).ReadAsync,
            Throws.InstanceOf(closed.Type("ChatsResponseException")).With.Message.Contains("ChatMessage.sender is not a value of ChatMessageSender"));
    }

    [TestCase("\n")]
    [TestCase("\r\n")]
    public void Nothing_else_changes_the_generated_bytes(string lineEnd)
    {
        var text = Real.Generate().Source;

        Assert.That(Generator.Run(Real.Text.ReplaceLineEndings(lineEnd)).Source, Is.EqualTo(text));
        Assert.That(text, Does.Not.Contain(Path.GetTempPath()).And.Not.Contain(Repository.Root).And.Not.Contain(Environment.MachineName));
        Assert.That(text, Does.Not.Match(@"\b20\d\d\b"), "A year.");
    }

    [Test]
    public async Task A_body_may_have_several_members_which_are_parameters_in_their_order()
    {
        var client = Real.WithBodyMember("note", "{type: string, minLength: 0, maxLength: 3}").Compile().Connect(Ok);
        async Task Send(string text, string note) => await client.Client.SendMessageToChatAsync(1L, 2L, text, note);

        await Send("text", "");

        Assert.That(() => Send("text", "abcd"), Throws.ArgumentException.With.Property("ParamName").EqualTo("note"));
        Assert.That(client.Requests.Single().Body, Is.EqualTo("""{"message":"text","note":""}"""));
    }

    [Test]
    public async Task Models_may_contain_each_other_and_have_properties_of_any_name_and_type()
    {
        var client = _names
            .Aggregate(Real, (contract, name) => contract.WithProperty(name, "{type: string}"))
            .WithProperty("takenAt", "{type: string, format: date-time, description: When it was taken.}")
            .WithProperty("width", "{type: integer, format: int64}")
            .WithSchema("Left", "{type: object, properties: {right: {$ref: '#/components/schemas/Right'}, all: {type: array, items: {$ref: '#/components/schemas/Left'}}}}")
            .WithSchema("Right", "{type: object, properties: {left: {$ref: '#/components/schemas/Left'}, text: {type: string}}}")
            .WithProperty("left", "{$ref: '#/components/schemas/Left'}")
            .Compile();
        async Task<dynamic> FileAsync(string members) => (await client.Connect(Message($$""" "payload":[{"name":"n","url":"u","size":1{{members}} }] """)).ReadAsync()).Payload[0];

        var file = await FileAsync(
            """, "takenAt":"2020-01-02T03:04:05Z","width":7,"left":{"right":{"left":{"right":{"text":"deep"},"all":[{},{"right":{"text":"wide"}}]}}}, """
            + string.Join(',', _names.Select(name => $"\"{name}\":\"{name}\"")));
        object named = file;

        Assert.That(((DateTimeOffset?)file.TakenAt, (long?)file.Width), Is.EqualTo((new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero), 7)));
        Assert.That((string)file.Left.Right.Left.Right.Text, Is.EqualTo("deep"));
        Assert.That((string)file.Left.Right.Left.All[1].Right.Text, Is.EqualTo("wide"));
        Assert.That(_names.Select(name => named.GetType().GetProperty(char.ToUpperInvariant(name[0]) + name[1..])!.GetValue(named)), Is.EqualTo(_names));
        Assert.That((DateTimeOffset?)(await FileAsync("")).TakenAt, Is.Null);
    }

    [TestCase("' <b>&amp; & \"quoted\" </summary> '")]
    [TestCase("'*/ ; } #error x'")]
    [TestCase("'#if x'")]
    [TestCase("'{0} {{ x }} {% y %}'")]
    [TestCase("'\\ \\u0041 \\'")]
    [TestCase("\"a\\nb\\n\\n#error c\"")]
    [TestCase("\"a\\r\\nb\\tc\"")]
    [TestCase("'Покупатель 🙂'")]
    public void Any_text_makes_well_formed_documentation(string text)
    {
        var contract = _texts.Aggregate(Real, (changed, place) => changed.With(place, $"{place[..place.IndexOf(':', StringComparison.Ordinal)]}: {text}\n"));

        Assert.That(contract.Complaints, Is.Empty);
    }

    /// <summary>A message with more members, written as they stand between braces: <c>"x": 1</c>.</summary>
    private static string Message(string more = "", string sender = "CUSTOMER") =>
        $$"""{"status":"OK","result":{"messageId":3,"createdAt":"2017-11-21T00:00:00+03:00","sender":"{{sender}}"{{(more.Length > 0 ? "," : "")}}{{more}} } }""";
}
