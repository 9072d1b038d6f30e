namespace YandexMarket.Chats.Tests.Calling;

internal sealed class RequestTests
{
    [Test]
    public void What_a_request_keeps_is_disposed_when_replaced_when_the_call_ends_or_at_once_after_that()
    {
        MemoryStream first = new(), second = new(), late = new();
        using var timeout = new CallTimeout(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
        var request = new ChatsRequest(ChatsOperations.GetChatMessage, "https://service.example/", body: null, timeout, isMarked: true);

        request.KeepUntilEnd(first);
        request.KeepUntilEnd(second);
        var before = (first.CanRead, second.CanRead);
        request.Dispose();
        request.KeepUntilEnd(late);

        Assert.That((before, second.CanRead, late.CanRead), Is.EqualTo(((false, true), false, false)));
    }

    [Test]
    public void Two_responses_to_one_request_are_never_mixed_up()
    {
        using var timeout = new CallTimeout(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
        using var request = new ChatsRequest(ChatsOperations.SendMessageToChat, "https://service.example/", body: null, timeout, isMarked: true);
        using var refusal = new HttpResponseMessage((System.Net.HttpStatusCode)420);
        using var failure = new HttpResponseMessage(System.Net.HttpStatusCode.InternalServerError);

        var wrong = 0;
        Parallel.For(0, 10_000, i =>
        {
            var response = i % 2 == 0 ? refusal : failure;
            if (request.GetInfo(response).StatusCode != (int)response.StatusCode)
            {
                Interlocked.Increment(ref wrong);
            }
        });

        Assert.That(wrong, Is.Zero);
    }
}
