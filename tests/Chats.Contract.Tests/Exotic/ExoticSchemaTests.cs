using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Exotic;

/// <summary>Schemas that are unusual, but known to the templates: they work.</summary>
[Slow]
internal sealed class ExoticSchemaTests
{
    private static ChangedContract Real => ChangedContract.Unchanged;

    [Test]
    public async Task Two_models_that_hold_each_other_are_read_to_any_depth()
    {
        var client = Real
            .WithSchema(
                "Left",
                "{type: object, properties: {right: {$ref: '#/components/schemas/Right'}, all: {type: array, items: {$ref: '#/components/schemas/Left'}}}}")
            .WithSchema("Right", "{type: object, properties: {left: {$ref: '#/components/schemas/Left'}, text: {type: string}}}")
            .WithProperty("left", "{$ref: '#/components/schemas/Left'}")
            .Compile().Connect(Responses.File(""" "left":{"right":{"left":{"right":{"text":"deep"},"all":[{},{"right":{"text":"wide"}}]}}} """));

        var left = (await client.ReadAsync()).Payload[0].Left;

        Assert.That((string)left.Right.Left.Right.Text, Is.EqualTo("deep"));
        Assert.That((string)left.Right.Left.All[1].Right.Text, Is.EqualTo("wide"));
    }

    [Test]
    public async Task Each_of_seventy_required_members_is_missed_by_its_name()
    {
        var names = Enumerable.Range(1, 70).Select(number => $"m{number}").ToList();
        var compiled = Real
            .WithSchema(
                "Wide",
                $"{{type: object, required: [{string.Join(',', names)}], properties: {{{string.Join(',', names.Select(name => $"{name}: {{type: string}}"))}}}}}")
            .WithProperty("wide", "{$ref: '#/components/schemas/Wide'}")
            .Compile();
        string AnswerOf(IEnumerable<string> members) => Responses.File("\"wide\":{" + string.Join(',', members.Select(name => $"\"{name}\":\"{name}\"")) + "}");

        var whole = await compiled.Connect(AnswerOf(names)).ReadAsync();

        Assert.That((string)whole.Payload[0].Wide.M70, Is.EqualTo("m70"));
        foreach (var missing in new[] { "m1", "m2", "m64", "m65", "m66", "m70" })
        {
            Assert.That(
                compiled.Connect(AnswerOf(names.Where(name => name != missing))).ReadAsync,
                Throws.InstanceOf(compiled.Type("ChatsResponseException")).With.Message.Contains($"Wide.{missing} is missing"));
        }
    }

    [Test]
    public async Task Properties_may_be_named_like_keywords_and_like_the_readers_own_variables()
    {
        string[] names = ["class", "event", "namespace", "model", "reader", "writer", "seen", "item", "value", "member", "hasName", "theName", "write"];
        var client = names.Aggregate(Real, (contract, name) => contract.WithProperty(name, "{type: string}")).WithProperty(
            "required",
            "{type: string, nullable: true}")
            .Compile().Connect(Responses.File(string.Join(',', names.Select(name => $"\"{name}\":\"{name}\""))));

        object file = (await client.ReadAsync()).Payload[0];

        Assert.That(
            names.Select(name => file.GetType().GetProperty(char.ToUpperInvariant(name[0]) + name[1..])!.GetValue(file)),
            Is.EqualTo(names));
    }

    [Test]
    public async Task A_member_that_is_required_and_nullable_may_be_null_but_not_absent()
    {
        var compiled = Real.With("      required: [name, url, size]\n", "      required: [name, url, size, x]\n").WithProperty("x", "{type: string, nullable: true}").Compile();

        var file = (await compiled.Connect(Responses.File(""" "x":null """)).ReadAsync()).Payload[0];

        Assert.That((string?)file.X, Is.Null);
        Assert.That(
            compiled.Connect(Responses.File()).ReadAsync,
            Throws.InstanceOf(compiled.Type("ChatsResponseException")).With.Message.Contains("ChatMessagePayload.x is missing"));
    }

    [Test]
    public async Task Enum_values_may_be_any_text_without_quotes()
    {
        var compiled = Real
            .WithSchema(
                "Colour",
                "{type: string, x-open-enum: true, enum: ['красный', 'light blue', a&b<c>], x-enumNames: [Red, LightBlue, Odd]}")
            .WithProperty("colour", "{$ref: '#/components/schemas/Colour'}")
            .Compile();

        foreach (var (value, name) in new[] { ("красный", "Red"), ("light blue", "LightBlue"), ("a&b<c>", "Odd"), ("green", "Unknown") })
        {
            var file = (await compiled.Connect(Responses.File($"\"colour\":\"{value}\"")).ReadAsync()).Payload[0];
            Assert.That(((object)file.Colour).ToString(), Is.EqualTo(name));
        }
    }

    [Test]
    public void A_title_of_a_schema_does_not_rename_it() =>
        Assert.That(
            Real.WithAfter("    ChatMessage:\n      type: object\n", "      title: Other\n").Compile().Type("ChatMessage"),
            Is.Not.Null);
}
