using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Changed;

/// <summary>A bound that moves in the contract moves in the client.</summary>
[Slow]
internal sealed class BoundTests
{
    private const string ChatId = "      description: The id of the chat.\n      schema:\n        type: integer\n        format: int64\n        minimum: 1\n";

    private static ChangedContract Real => ChangedContract.Unchanged;

    [Test]
    public async Task The_shortest_and_the_longest_text_are_those_of_the_contract()
    {
        var compiled = Real.With("          minLength: 1\n          maxLength: 4096\n", "          minLength: 3\n          maxLength: 5000\n").Compile();
        var client = compiled.Connect(Responses.Ok);

        await client.SendAsync("abc");
        await client.SendAsync(new string('x', 5000));

        foreach (var length in new[] { 2, 5001 })
        {
            Assert.That(() => client.SendAsync(new string('x', length)), Throws.ArgumentException.With.Property("ParamName").EqualTo("message"));
        }

        Assert.That(client.Requests, Has.Count.EqualTo(2));
        Assert.That(compiled.DocumentationOf("SendMessageToChatAsync"), Does.Contain("At most 5000 characters"));
    }

    [TestCase(100)]
    [TestCase(-3)]
    public async Task The_least_id_is_the_one_of_the_contract(long least)
    {
        var client = Real.With(ChatId, ChatId.Replace("minimum: 1", $"minimum: {least}", StringComparison.Ordinal)).Compile().Connect(Responses.Ok);

        await client.SendAsync(chatId: least);

        Assert.That(
            () => client.SendAsync(chatId: least - 1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("chatId"));
        Assert.That(client.Requests.Single().Line, Does.EndWith($"?chatId={least}"));
    }
}
