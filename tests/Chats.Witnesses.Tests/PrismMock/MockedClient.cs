using YandexMarket.Chats.Witnesses.Tests.Harness;
using YandexMarket.Chats.Witnesses.Tests.Prism;

namespace YandexMarket.Chats.Witnesses.Tests.PrismMock;

/// <summary>A client of the mock, which is asked for a certain answer.</summary>
internal sealed class MockedClient : IDisposable
{
    private readonly Watch _watch = new();
    private readonly HttpClient _http;
    private readonly ChatsClient _client;

    public MockedClient()
    {
        _http = new HttpClient(_watch) { Timeout = Patience.Call };
        _client = new ChatsClient(
            _http, new ChatsClientOptions { ApiKey = "key", BaseAddress = MockWitness.Prism.Address, TimeProvider = new ManualClock() });
    }

    /// <summary>The result of a call, null for a send; or its failure; and what Prism had answered.</summary>
    public async Task<(ChatMessage? Result, ChatsException? Failure, WatchedCall Answer)> CallAsync(ChatsOperation operation, string prefer)
    {
        _watch.Prefer = prefer;
        ChatMessage? result = null;
        ChatsException? failure = null;
        try
        {
            if (operation.IsRead)
            {
                result = await _client.GetChatMessageAsync(1, 2, 3);
            }
            else
            {
                await _client.SendMessageToChatAsync(1, 2, "It is on its way.");
            }
        }
        catch (ChatsException exception)
        {
            failure = exception;
        }

        var answer = _watch.Calls[^1];
        Assert.That(answer.Violations, Is.Empty);
        return (result, failure, answer);
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }
}
