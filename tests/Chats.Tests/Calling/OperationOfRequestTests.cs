namespace YandexMarket.Chats.Tests.Calling;

/// <summary>A message handler between the client and the network knows which operation a request is.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class OperationOfRequestTests
{
    private readonly List<ChatsOperation?> _operations = [];

    [Test]
    public async Task A_handler_knows_the_operation_and_that_of_somebody_else_s_request_is_none()
    {
        using var http = new HttpClient(new StubHandler((request, _) =>
        {
            Assert.That(ChatsOperation.TryGet(request, out var operation), Is.EqualTo(operation is not null));
            _operations.Add(operation);
            return Task.FromResult(StubHandler.Json("""{"status":"OK","result":{"messageId":1,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}"""));
        }));
        using var client = new ChatsClient(http, Clients.Options(new Uri("https://example.org/v2/")));

        await client.CallAsync(read: true);
        await client.CallAsync(read: false);
        await http.GetAsync(new Uri("https://example.org/v2/businesses/1/chats/message?chatId=2&messageId=3"));

        Assert.That(_operations, Is.EqualTo([ChatsOperations.GetChatMessage, ChatsOperations.SendMessageToChat, (ChatsOperation?)null]));
    }

    [Test]
    public void No_request_is_an_argument_error() =>
        Assert.That(() => ChatsOperation.TryGet(null!, out _), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("request"));
}
