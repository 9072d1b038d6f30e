using YandexMarket.Chats.Tests.Support;

namespace YandexMarket.Chats.Tests.Client;

/// <summary>What a message handler between the client and the network can learn.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class HandlerTests
{
    [Test]
    public async Task A_handler_knows_the_operation_of_a_request()
    {
        var seen = new Seeing { InnerHandler = new AnswerHandler() };
        using var client = Clients.Over(seen);

        await client.CallAsync(read: true);
        await client.CallAsync(read: false);

        Assert.That(seen.Operations, Is.EqualTo([ChatsOperations.GetChatMessage, ChatsOperations.SendMessageToChat]));
    }

    [Test]
    public async Task A_request_of_somebody_else_has_no_operation()
    {
        var seen = new Seeing { InnerHandler = new AnswerHandler() };
        using var http = new HttpClient(seen);

        await http.GetAsync(new Uri("https://example.org/v2/businesses/1/chats/message?chatId=2&messageId=3"));

        Assert.That(seen.Operations, Is.EqualTo([(ChatsOperation?)null]));
    }

    [Test]
    public void No_request_is_an_argument_error() =>
        Assert.That(() => ChatsOperation.TryGet(null!, out _), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("request"));

    private sealed class Seeing : DelegatingHandler
    {
        public List<ChatsOperation?> Operations { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.That(ChatsOperation.TryGet(request, out var operation), Is.EqualTo(operation is not null));
            Operations.Add(operation);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
