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

    private sealed class Kept : IDisposable
    {
        public bool IsReleased { get; private set; }

        public void Dispose() => IsReleased = true;
    }
}
