namespace YandexMarket.Chats.Contract.Tests;

/// <summary>What changes in the contract changes in the client, without a line of C#.</summary>
[Slow]
internal sealed class ChangeTests
{
    private const string Quota = "      x-quota-per-hour: 1000\n      parameters:\n        - $ref: '#/components/parameters/businessId'\n        - $ref: '#/components/parameters/chatId'\n      requestBody:\n";

    private static readonly Lazy<CompiledClient> _changed = new(() => Real
        .With("  - url: https://api.partner.market.yandex.ru/v2\n", "  - url: https://example.org/v3\n")
        .With("      name: Api-Key\n", "      name: X-Token\n")
        .WithAfter("x-scopes:\n", "  'chats.v2:bot': Answering by itself.\n")
        .With("      x-auth-scopes: [communication, all-methods]\n", "      x-auth-scopes: [communication, 'chats.v2:bot']\n")
        .With(Quota, Quota.Replace("1000", "7", StringComparison.Ordinal))
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
        var client = _changed.Value.Connect(Responses.Ok);

        await client.Client.SendMessageToChatAsync(1L, 2L, text: "hello");

        var request = client.Requests.Single();
        Assert.That(request.Line, Is.EqualTo("POST https://example.org/v3/businesses/1/chats/message?chatId=2"));
        Assert.That(request.Headers, Contains.Key("X-Token").WithValue("key").And.Not.ContainKey("Api-Key"));
        Assert.That(request.Body, Is.EqualTo("""{"text":"hello"}"""));
    }

    [Test]
    public async Task The_shortest_and_the_longest_text()
    {
        var client = _changed.Value.Connect(Responses.Ok);

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
        await Real.Compile().Connect(Responses.Ok, grantedScopes: ["all-methods"]).SendAsync();
        await _changed.Value.Connect(Responses.Ok, grantedScopes: ["chats.v2:bot"]).SendAsync();
        var refused = _changed.Value.Connect(Responses.Ok, grantedScopes: ["all-methods"]);

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
        var client = _changed.Value.Connect(Responses.Message(members, sender: "BOT"));

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
        object open = (await Real.Compile().Connect(Responses.Message(sender: "BOT")).ReadAsync()).Sender;
        object known = (await closed.Connect(Responses.Message(sender: "PARTNER")).ReadAsync()).Sender;

        Assert.That((open.ToString(), known.ToString()), Is.EqualTo(("Unknown", "Partner")));
        Assert.That(Enum.GetNames(closed.Type("ChatMessageSender")), Has.None.EqualTo("Unknown"));
        Assert.That(
            closed.Connect(Responses.Message(sender: "BOT")).ReadAsync,
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
}
