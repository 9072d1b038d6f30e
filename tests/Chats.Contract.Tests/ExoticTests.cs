namespace YandexMarket.Chats.Contract.Tests;

/// <summary>What is unusual in a contract, but known to the templates: it works.</summary>
[Slow]
internal sealed class ExoticTests
{
    /// <summary>Names like keywords, and like the variables of the generated readers.</summary>
    private static readonly string[] _names = ["class", "event", "namespace", "model", "reader", "writer", "item", "value", "member", "hasName", "theName", "write"];

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

    [Test]
    public async Task A_body_may_have_several_members_which_are_parameters_in_their_order()
    {
        var client = Real.WithBodyMember("note", "{type: string, minLength: 0, maxLength: 3}").Compile().Connect(Responses.Ok);
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
        async Task<dynamic> FileAsync(string members) => (await client.Connect(Responses.File(members)).ReadAsync()).Payload[0];

        var file = await FileAsync(
            """ "takenAt":"2020-01-02T03:04:05Z","width":7,"left":{"right":{"left":{"right":{"text":"deep"},"all":[{},{"right":{"text":"wide"}}]}}}, """
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

        Assert.That(contract.Generate().Complaints(), Is.Empty);
    }
}
