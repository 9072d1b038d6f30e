using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests;

public sealed class HarnessTests
{
    [Test]
    public void The_real_contract_compiles_without_a_complaint() =>
        Assert.That(ChangedContract.Unchanged.Generate().Complaints(), Is.Empty);

    [Test]
    public async Task A_client_that_was_compiled_here_calls_and_reads()
    {
        var client = ChangedContract.Unchanged.Compile().Connect(Answers.Message(""" "message":"text" """));

        var message = await client.ReadAsync();

        Assert.That((string)message.Message, Is.EqualTo("text"));
        Assert.That(
            client.Requests.Single().Line,
            Is.EqualTo("GET https://api.partner.market.yandex.ru/v2/businesses/1/chats/message?chatId=2&messageId=3"));
    }
}
