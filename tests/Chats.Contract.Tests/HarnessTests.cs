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
        var (client, stub) = ChangedContract.Unchanged.Compile().Connect(
            """{"status":"OK","result":{"messageId":3,"createdAt":"2017-11-21T00:00:00+03:00","sender":"CUSTOMER","message":"text"}}""");

        var message = await client.GetChatMessageAsync(1L, 2L, 3L);

        Assert.That((string)message.Message, Is.EqualTo("text"));
        Assert.That(stub.Requests.Single().Line, Is.EqualTo("GET https://api.partner.market.yandex.ru/v2/businesses/1/chats/message?chatId=2&messageId=3"));
    }
}
