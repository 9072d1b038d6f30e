namespace YandexMarket.Chats.Contract.Tests;

/// <summary>What is unusual in a contract, but known to the templates: it works.</summary>
[Slow]
internal sealed class ExoticTests
{
    private const string Good = "        '200':\n          description: The message was sent.\n";

    /// <summary>Names like keywords, and like the variables of the generated readers.</summary>
    private static readonly string[] _names = ["class", "event", "namespace", "model", "reader", "writer", "seen", "item", "value", "member", "hasName", "theName", "write"];

    private static readonly string[] _seventy = [.. Enumerable.Range(1, 70).Select(number => $"m{number}")];

    /// <summary>All unusual schemas at once.</summary>
    private static readonly Lazy<CompiledClient> _schemas = new(() => _names
        .Aggregate(Real, (contract, name) => contract.WithProperty(name, "{type: string}"))
        .WithProperty("required", "{type: string, nullable: true}")
        .WithProperty("takenAt", "{type: string, format: date-time, description: When it was taken.}")
        .WithProperty("width", "{type: integer, format: int32}")
        .WithSchema("Left", "{type: object, properties: {right: {$ref: '#/components/schemas/Right'}, all: {type: array, items: {$ref: '#/components/schemas/Left'}}}}")
        .WithSchema("Right", "{type: object, properties: {left: {$ref: '#/components/schemas/Left'}, text: {type: string}}}")
        .WithProperty("left", "{$ref: '#/components/schemas/Left'}")
        .WithSchema("Wide", $"{{type: object, required: [{string.Join(',', _seventy)}], properties: {{{string.Join(',', _seventy.Select(name => $"{name}: {{type: string}}"))}}}}}")
        .WithProperty("wide", "{$ref: '#/components/schemas/Wide'}")
        .WithSchema("Maybe", "{type: object, required: [x], properties: {x: {type: string, nullable: true}}}")
        .WithProperty("maybe", "{$ref: '#/components/schemas/Maybe'}")
        .WithSchema("Colour", "{type: string, x-open-enum: true, enum: ['красный', 'light blue', a&b<c>], x-enumNames: [Red, LightBlue, Odd]}")
        .WithProperty("colour", "{$ref: '#/components/schemas/Colour'}")
        .WithAfter("    ChatMessage:\n      type: object\n", "      title: Other\n")
        .WithAfter("x-scopes:\n", "  chats.v2:read_only: Reading.\n")
        .With("      description: The id of the chat.\n", "      description: 'See <https://example.org?a=1&b=2>, or \"chats\".'\n")
        .Compile());

    private static readonly string[] _texts =
    [
        "  title: Yandex Market Partner API, buyers' chats\n",
        "  version: 2.0.0\n",
        "  communication: Talking to buyers.\n",
        "      summary: Sends a text to the buyer of a chat.\n",
        "      description: The id of the chat.\n",
        "          description: The message.\n",
        "      description: What every response of the service has in common.\n",
        "      description: A file of a message.\n",
        "          description: The text for the buyer.\n",
        "          description: The name of the file. It may be empty.\n",
    ];

    private static ChangedContract Real => ChangedContract.Unchanged;

    private static IEnumerable<TestCaseData> Sends =>
    [
        new TestCaseData(Real.With(Good, Good.Replace("200", "201", StringComparison.Ordinal))).SetArgDisplayNames("another status of success"),
        new TestCaseData(Real.With(Good, Good.Replace("'200'", "2XX", StringComparison.Ordinal))).SetArgDisplayNames("any status of success"),
        new TestCaseData(Real.WithBefore(Good, "        default:\n          $ref: '#/components/responses/BadRequest'\n")).SetArgDisplayNames("a default response, an error like the others"),
        new TestCaseData(Real
            .With(Real.Between("      requestBody:\n", "      responses:\n"), "      requestBody:\n        $ref: '#/components/requestBodies/Text'\n")
            .WithBefore(
                "  responses:\n    BadRequest:",
                "  requestBodies:\n    Text:\n      required: true\n      content: {application/json: {schema: {$ref: '#/components/schemas/SendMessageToChatRequest'}}}\n"))
            .SetArgDisplayNames("a shared body"),
    ];

    [TestCase("int64", -9223372036854775808, 9223372036854775807)]
    [TestCase("int32", 1, 100)]
    [TestCase("int64", -5, -2)]
    public async Task Both_bounds_of_a_parameter_hold(string format, long minimum, long maximum)
    {
        var compiled = Real.WithParameter($"name: page, in: query, required: true, schema: {{type: integer, format: {format}, minimum: {minimum}, maximum: {maximum}}}").Compile();
        var client = compiled.Connect(Responses.Message());
        async Task Read(long page) => await (format == "int32"
            ? client.Client.GetChatMessageAsync(1L, 2L, 3L, (int)page)
            : client.Client.GetChatMessageAsync(1L, 2L, 3L, page));

        await Read(minimum);
        await Read(maximum);

        Assert.That(client.Requests.Select(request => request.Line), Has.One.EndsWith($"&page={minimum}").And.One.EndsWith($"&page={maximum}"));
        foreach (var outside in new[] { minimum - 1, maximum + 1 }.Where(page => page < minimum || page > maximum))
        {
            Assert.That(() => Read(outside), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("page"));
        }

        Assert.That(client.Requests, Has.Count.EqualTo(2));
        Assert.That(compiled.DocumentationOf("GetChatMessageAsync"), Does.Contain($"At least {minimum}. At most {maximum}."));
    }

    [Test]
    public async Task A_body_may_have_several_members_which_are_parameters_in_their_order_and_an_empty_text()
    {
        var client = Real
            .With("          minLength: 1\n          maxLength: 4096\n", "          minLength: 0\n")
            .WithBodyMember("note", "{type: string, maxLength: 3}")
            .WithBodyMember("weight", "{type: integer, format: int32, minimum: 1, maximum: 9}")
            .Compile().Connect(Responses.Ok);
        async Task Send(string text, int weight, string note) => await client.Client.SendMessageToChatAsync(1L, 2L, text, weight, note);

        await Send("", 9, "abc");
        await Send(new string('x', 5000), 1, "");

        Assert.That(client.Requests[0].Body, Is.EqualTo("""{"message":"","weight":9,"note":"abc"}"""));
        Assert.That(() => Send("text", 10, "abc"), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("weight"));
        Assert.That(() => Send("text", 9, "abcd"), Throws.ArgumentException.With.Property("ParamName").EqualTo("note"));
        Assert.That(client.Requests, Has.Count.EqualTo(2));
    }

    [TestCaseSource(nameof(Sends))]
    public async Task A_send_works_with(ChangedContract contract)
    {
        var client = contract.Compile().Connect(Responses.Ok);

        await client.SendAsync();

        Assert.That(client.Requests.Single().Body, Is.EqualTo("""{"message":"text"}"""));
    }

    [Test]
    public async Task A_send_may_be_a_put_and_may_have_no_body()
    {
        var compiled = Real.With(Real.Between("      requestBody:\n", "      responses:\n"), "").With("    post:\n", "    put:\n").Compile();
        var client = compiled.Connect(Responses.Ok);

        await client.Client.SendMessageToChatAsync(1L, 2L);

        Assert.That(client.Requests.Single().Line, Is.EqualTo("PUT https://api.partner.market.yandex.ru/v2/businesses/1/chats/message?chatId=2"));
        Assert.That((bool)compiled.Operation("SendMessageToChat").IsRead, Is.False);
    }

    [Test]
    public async Task Models_may_hold_each_other_and_have_properties_with_any_names_and_of_all_types()
    {
        var file = await FileAsync(
            """ "takenAt":"2020-01-02T03:04:05Z","width":7,"left":{"right":{"left":{"right":{"text":"deep"},"all":[{},{"right":{"text":"wide"}}]}}}, """
            + string.Join(',', _names.Select(name => $"\"{name}\":\"{name}\"")));
        object named = file;

        Assert.That(((DateTimeOffset?)file.TakenAt, (int?)file.Width), Is.EqualTo((new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero), 7)));
        Assert.That((string)file.Left.Right.Left.Right.Text, Is.EqualTo("deep"));
        Assert.That((string)file.Left.Right.Left.All[1].Right.Text, Is.EqualTo("wide"));
        Assert.That(_names.Select(name => named.GetType().GetProperty(char.ToUpperInvariant(name[0]) + name[1..])!.GetValue(named)), Is.EqualTo(_names));
        Assert.That((DateTimeOffset?)(await FileAsync("")).TakenAt, Is.Null);
    }

    [Test]
    public async Task Each_of_seventy_required_members_is_missed_by_its_name()
    {
        static string Wide(IEnumerable<string> members) => "\"wide\":{" + string.Join(',', members.Select(name => $"\"{name}\":\"{name}\"")) + "}";

        Assert.That((string)(await FileAsync(Wide(_seventy))).Wide.M70, Is.EqualTo("m70"));
        foreach (var missing in new[] { "m1", "m2", "m64", "m65", "m66", "m70" })
        {
            AssertMissing(Wide(_seventy.Where(name => name != missing)), $"Wide.{missing}");
        }
    }

    [Test]
    public async Task A_member_that_is_required_and_nullable_may_be_null_but_not_absent()
    {
        Assert.That((string?)(await FileAsync(""" "maybe":{"x":null} """)).Maybe.X, Is.Null);
        AssertMissing(""" "maybe":{} """, "Maybe.x");
    }

    [TestCase("красный", "Red")]
    [TestCase("light blue", "LightBlue")]
    [TestCase("a&b<c>", "Odd")]
    [TestCase("green", "Unknown")]
    public async Task Enum_values_may_be_any_text_without_quotes(string value, string name) =>
        Assert.That(((object)(await FileAsync($"\"colour\":\"{value}\"")).Colour).ToString(), Is.EqualTo(name));

    [Test]
    public void A_title_does_not_rename_a_schema_a_scope_may_have_dots_and_markup_is_shown_as_it_stands()
    {
        Assert.That(_schemas.Value.Type("ChatMessage"), Is.Not.Null);
        Assert.That(_schemas.Value.Type("ChatsScopes").GetField("ChatsV2ReadOnly")!.GetValue(null), Is.EqualTo("chats.v2:read_only"));
        Assert.That(_schemas.Value.DocumentationOf("SendMessageToChatAsync"), Does.Contain("See &lt;https://example.org?a=1&amp;b=2&gt;, or \"chats\"."));
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

        Assert.That(contract.Generate().Complaints(), Is.Empty);
    }

    private static async Task<dynamic> FileAsync(string members) => (await _schemas.Value.Connect(Responses.File(members)).ReadAsync()).Payload[0];

    private static void AssertMissing(string members, string what) => Assert.That(
        _schemas.Value.Connect(Responses.File(members)).ReadAsync,
        Throws.InstanceOf(_schemas.Value.Type("ChatsResponseException")).With.Message.Contains($"{what} is missing"));
}
