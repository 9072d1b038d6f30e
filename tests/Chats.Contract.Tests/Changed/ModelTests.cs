using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Changed;

/// <summary>A model that changes in the contract changes in what is read and sent.</summary>
[Slow]
internal sealed class ModelTests
{
    private const string Sender = "      x-open-enum: true\n      enum: [PARTNER, CUSTOMER, MARKET, SUPPORT]\n      x-enumNames: [Partner, Customer, Market, Support]\n";

    private static ChangedContract Real => ChangedContract.Unchanged;

    [Test]
    public async Task A_renamed_property_is_read_by_its_new_name_and_no_longer_by_its_old_one()
    {
        var compiled = Real
            .With("      required: [messageId, createdAt, sender]\n", "      required: [id, createdAt, sender]\n")
            .With("        messageId:\n          type: integer\n", "        id:\n          type: integer\n")
            .Compile();

        var message = await compiled.Connect(Responses.Message(""" "id":77 """)).ReadAsync();

        Assert.That((long)message.Id, Is.EqualTo(77));
        Assert.That(compiled.Type("ChatMessage").GetProperty("MessageId"), Is.Null);
        Assert.That(
            compiled.Connect(Responses.Message()).ReadAsync,
            Throws.InstanceOf(compiled.Type("ChatsResponseException")).With.Message.Contains("ChatMessage.id is missing"));
    }

    [Test]
    public async Task A_renamed_member_of_a_body_is_sent_by_its_new_name()
    {
        var client = Real
            .With("      required: [message]\n", "      required: [text]\n")
            .With(
                "        message:\n          type: string\n          minLength: 1\n",
                "        text:\n          type: string\n          minLength: 1\n")
            .Compile().Connect(Responses.Ok);

        await client.Client.SendMessageToChatAsync(1L, 2L, text: "hello");

        Assert.That(client.Requests.Single().Body, Is.EqualTo("""{"text":"hello"}"""));
    }

    [Test]
    public async Task An_added_enum_value_is_known()
    {
        Assert.That(await SenderOf(Real, "BOT"), Is.EqualTo("Unknown"));
        Assert.That(
            await SenderOf(Real.With(Sender, Sender.Replace("SUPPORT]", "SUPPORT, BOT]", StringComparison.Ordinal).Replace("Support]", "Support, Bot]", StringComparison.Ordinal)), "BOT"),
            Is.EqualTo("Bot"));
    }

    [Test]
    public async Task A_closed_enum_refuses_what_it_does_not_name()
    {
        var closed = Real.With(Sender, Sender.Replace("      x-open-enum: true\n", "", StringComparison.Ordinal));
        var compiled = closed.Compile();

        Assert.That(await SenderOf(closed, "PARTNER"), Is.EqualTo("Partner"));
        Assert.That(Enum.GetNames(compiled.Type("ChatMessageSender")), Has.None.EqualTo("Unknown"));
        Assert.That(
            compiled.Connect(Responses.Message(sender: "BOT")).ReadAsync,
            Throws.InstanceOf(compiled.Type("ChatsResponseException")).With.Message.Contains("ChatMessage.sender is not a value of ChatMessageSender"));
    }

    [Test]
    public async Task An_optional_member_that_becomes_required_is_missed()
    {
        await Real.Compile().Connect(Responses.Message()).ReadAsync();

        var compiled = Real.With("      required: [messageId, createdAt, sender]\n", "      required: [messageId, createdAt, sender, message]\n").Compile();

        Assert.That(
            compiled.Connect(Responses.Message()).ReadAsync,
            Throws.InstanceOf(compiled.Type("ChatsResponseException")).With.Message.Contains("ChatMessage.message is missing"));
        await compiled.Connect(Responses.Message("\"message\":\"text\"")).ReadAsync();
    }

    [Test]
    public async Task An_added_member_is_read()
    {
        var compiled = Real.WithProperty("takenAt", "{type: string, format: date-time, description: When it was taken.}").WithProperty("width", "{type: integer, format: int32}").Compile();

        var file = (await compiled.Connect(Responses.File(""" "takenAt":"2020-01-02T03:04:05Z","width":7 """)).ReadAsync()).Payload[0];
        var bare = (await compiled.Connect(Responses.File()).ReadAsync()).Payload[0];

        Assert.That((DateTimeOffset?)file.TakenAt, Is.EqualTo(new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero)));
        Assert.That((int?)file.Width, Is.EqualTo(7));
        Assert.That((DateTimeOffset?)bare.TakenAt, Is.Null);
    }

    private static async Task<string?> SenderOf(ChangedContract contract, string sender) =>
        ((object)(await contract.Compile().Connect(Responses.Message(sender: sender)).ReadAsync()).Sender).ToString();
}
