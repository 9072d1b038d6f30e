using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Changed;

/// <summary>A bound that moves in the contract moves in the client.</summary>
[Slow]
internal sealed class BoundTests
{
    private const string ChatId = "      description: The id of the chat.\n      schema:\n        type: integer\n        format: int64\n        minimum: 1\n";

    private static ChangedContract Real => ChangedContract.Unchanged;

    [Test]
    public async Task The_longest_text_is_as_long_as_the_contract_says()
    {
        const int longest = 5000;
        var compiled = Real.With("          maxLength: 4096\n", $"          maxLength: {longest}\n").Compile();
        var client = compiled.Connect(Answers.Ok);

        await client.SendAsync(new string('x', longest));

        Assert.That(
            () => client.SendAsync(new string('x', longest + 1)),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("message"));
        Assert.That(client.Requests, Has.Count.EqualTo(1));
        Assert.That(compiled.DocumentationOf("SendMessageToChatAsync"), Does.Contain($"At most {longest} characters"));
    }

    [Test]
    public async Task The_shortest_text_is_as_short_as_the_contract_says()
    {
        var client = Real.With("          minLength: 1\n          maxLength: 4096\n", "          minLength: 3\n          maxLength: 4096\n").Compile().Connect(Answers.Ok);

        await client.SendAsync("abc");

        Assert.That(() => client.SendAsync("ab"), Throws.ArgumentException.With.Property("ParamName").EqualTo("message"));
        Assert.That(client.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(100)]
    [TestCase(-3)]
    public async Task The_least_id_is_the_one_of_the_contract(long least)
    {
        var client = Real.With(ChatId, ChatId.Replace("minimum: 1", $"minimum: {least}", StringComparison.Ordinal)).Compile().Connect(Answers.Ok);

        await client.SendAsync(chatId: least);

        Assert.That(
            () => client.SendAsync(chatId: least - 1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("chatId"));
        Assert.That(client.Requests.Single().Line, Does.EndWith($"?chatId={least}"));
    }
}
