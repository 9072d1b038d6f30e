using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Exotic;

/// <summary>Operations that are unusual, but known to the templates: they work.</summary>
[Slow]
internal sealed class ExoticOperationTests
{
    private const string Good = "        '200':\n          description: The message was sent.\n";

    private static ChangedContract Real => ChangedContract.Unchanged;

    private static IEnumerable<TestCaseData> Sends =>
    [
        new TestCaseData(Real.With(Good, Good.Replace("200", "201", StringComparison.Ordinal))).SetArgDisplayNames("another status of success"),
        new TestCaseData(Real.With(Good, Good.Replace("'200'", "2XX", StringComparison.Ordinal))).SetArgDisplayNames("any status of success"),
        new TestCaseData(Real.WithBefore(Good, "        default:\n          $ref: '#/components/responses/BadRequest'\n")).SetArgDisplayNames("a default response, an error like the others"),
        new TestCaseData(Real
            .With(
                "      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              $ref: '#/components/schemas/SendMessageToChatRequest'\n            examples:\n              text:\n                summary: A text.\n                value:\n                  message: string\n",
                "      requestBody:\n        $ref: '#/components/requestBodies/Text'\n")
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
        async Task Read(long page) => await (format == "int32" ? client.Client.GetChatMessageAsync(1L, 2L, 3L, (int)page) : client.Client.GetChatMessageAsync(
            1L,
            2L,
            3L,
            page));

        await Read(minimum);
        await Read(maximum);

        Assert.That(
            client.Requests.Select(request => request.Line),
            Has.One.EndsWith($"&page={minimum}").And.One.EndsWith($"&page={maximum}"));
        foreach (var outside in new[] { minimum - 1, maximum + 1 }.Where(page => page < minimum || page > maximum))
        {
            Assert.That(() => Read(outside), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("page"));
        }

        Assert.That(client.Requests, Has.Count.EqualTo(2));
        Assert.That(compiled.DocumentationOf("GetChatMessageAsync"), Does.Contain($"At least {minimum}. At most {maximum}."));
    }

    [Test]
    public async Task A_text_may_be_empty_where_the_contract_allows_it()
    {
        var client = Real.With("          minLength: 1\n          maxLength: 4096\n", "          minLength: 0\n").Compile().Connect(Responses.Ok);

        await client.SendAsync("");
        await client.SendAsync(new string('x', 5000));

        Assert.That(client.Requests[0].Body, Is.EqualTo("""{"message":""}"""));
        Assert.That(client.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_body_may_have_several_members_which_are_parameters_in_their_order()
    {
        var client = Real
            .WithBodyMember("note", "{type: string, maxLength: 3}")
            .WithBodyMember("weight", "{type: integer, format: int32, minimum: 1, maximum: 9}")
            .Compile().Connect(Responses.Ok);

        await client.Client.SendMessageToChatAsync(1L, 2L, "text", 9, "abc");

        Assert.That(client.Requests.Single().Body, Is.EqualTo("""{"message":"text","weight":9,"note":"abc"}"""));
        Assert.That(
            async Task () => await client.Client.SendMessageToChatAsync(1L, 2L, "text", 10, "abc"),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("weight"));
        Assert.That(
            async Task () => await client.Client.SendMessageToChatAsync(1L, 2L, "text", 9, "abcd"),
            Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("note"));
        Assert.That(client.Requests, Has.Count.EqualTo(1));
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
        var contract = Real.With("    post:\n", "    put:\n");
        var from = contract.Text.IndexOf("      requestBody:\n", StringComparison.Ordinal);
        var to = contract.Text.IndexOf("      responses:\n", from, StringComparison.Ordinal);
        var compiled = contract.With(contract.Text[from..to], "").Compile();
        var client = compiled.Connect(Responses.Ok);

        await client.Client.SendMessageToChatAsync(1L, 2L);

        Assert.That(
            client.Requests.Single().Line,
            Is.EqualTo("PUT https://api.partner.market.yandex.ru/v2/businesses/1/chats/message?chatId=2"));
        Assert.That((bool)compiled.Operation("SendMessageToChat").IsRead, Is.False);
    }
}
