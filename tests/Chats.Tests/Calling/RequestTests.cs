using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats.Tests.Calling;

internal sealed class RequestTests
{
    [Test]
    public void What_a_request_keeps_is_released_with_it_and_afterwards_at_once()
    {
        var (first, second, late) = (new Kept(), new Kept(), new Kept());
        using var timeout = new CallTimeout(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
        var request = new ChatsRequest(ChatsOperations.GetChatMessage, "https://service.example/", body: null, timeout, isMarked: true);

        request.KeepUntilEnd(first);
        request.KeepUntilEnd(second);
        var before = (first.IsReleased, second.IsReleased);
        request.Dispose();
        request.KeepUntilEnd(late);

        Assert.That((before, second.IsReleased, late.IsReleased), Is.EqualTo(((true, false), true, true)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Without_an_HttpClient_a_call_ends_as_an_exception_of_ours(bool throws)
    {
        using var client = new ChatsClient(
            () => throws ? throw new TimeoutException() : null!, new ChatsClientOptions { ApiKey = "key" });

        var thrown = await Assert.ThrowsAsync<ChatsConnectionException>(() => client.SendMessageToChatAsync(1, 2, "text"));

        Assert.That((thrown!.MayHaveBeenSent, thrown.Operation.Id), Is.EqualTo((false, "sendMessageToChat")));
    }

    [Test]
    public void A_handler_needs_an_absolute_address() => Assert.That(
        () => ChatsClient.CreateHandler(new ChatsClientOptions { BaseAddress = new Uri("v2/", UriKind.Relative) }),
        Throws.ArgumentException.With.Message.Contains("BaseAddress"));

    [Test]
    public void What_two_responses_say_is_never_mixed_up()
    {
        using var timeout = new CallTimeout(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
        using var request = new ChatsRequest(ChatsOperations.SendMessageToChat, "https://service.example/", body: null, timeout, isMarked: true);
        using var refusal = new HttpResponseMessage((System.Net.HttpStatusCode)420);
        using var failure = new HttpResponseMessage(System.Net.HttpStatusCode.InternalServerError);

        var wrong = 0;
        Parallel.For(0, 100_000, i =>
        {
            var response = i % 2 == 0 ? refusal : failure;
            if (request.InfoOf(response).StatusCode != (int)response.StatusCode)
            {
                Interlocked.Increment(ref wrong);
            }
        });

        Assert.That(wrong, Is.Zero);
    }

    private sealed class Kept : IDisposable
    {
        public bool IsReleased { get; private set; }

        public void Dispose() => IsReleased = true;
    }
}
