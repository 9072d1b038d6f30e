namespace YandexMarket.Chats.Tests.Ending;

/// <summary>The disposal of a client by its key provider, and after the last call. During a call: EndingTests, and the fault table.</summary>
public sealed class DisposalTests
{
    [Test]
    public async Task By_the_key_provider_nothing_is_sent([Values] bool read)
    {
        var handler = new StubHandler();
        ChatsClient? client = null;
        client = Over(handler, options => (options.ApiKey, options.ApiKeyProvider) = (null, _ =>
        {
            client!.Dispose();
            return new("key");
        }
        ));

        var exception = await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CallAsync(read));
        Assert.That((exception!.ObjectName, handler.Calls), Is.EqualTo((typeof(ChatsClient).FullName, 0)));
    }

    [Test]
    public async Task After_it_calls_are_rejected_and_it_may_be_disposed_again([Values] bool read, [Values] bool borrowed)
    {
        var handler = new StubHandler();
        var client = borrowed ? Clients.Over(handler) : Over(handler);

        client.Dispose();
        client.Dispose();

        var exception = await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CallAsync(read));
        Assert.That((exception!.ObjectName, handler.Calls), Is.EqualTo((typeof(ChatsClient).FullName, 0)));
        Assert.That(handler.IsDisposed, Is.EqualTo(!borrowed), "It disposes its own handler and not a borrowed one.");
    }

    private static ChatsClient Over(HttpMessageHandler handler, Action<ChatsClientOptions>? change = null) =>
        ChatsClient.Over(handler, Clients.Options(change: change));
}
