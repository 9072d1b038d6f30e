using System.Runtime.CompilerServices;

namespace YandexMarket.Chats.Tests.Concurrency;

/// <summary>What calls leave behind, and the threads that they need. Many calls of one client at once are in the agreement run.</summary>
[NonParallelizable]
public class ThreadTests
{
    private const int Count = 256;

    [Test]
    public async Task A_key_provider_that_is_abandoned_and_fails_later_leaves_no_unobserved_exception()
    {
        using var unobserved = new UnobservedExceptions();

        await AbandonProviderAsync();

        unobserved.AssertNone();
    }

    [Test]
    public async Task Bodies_that_stall_block_no_thread()
    {
        var clock = new ManualClock();
        using var stalled = new CountdownEvent(Count);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            var isGood = connection.Text == "good";
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{(isGood ? Responses.Sent : "{")}");
            if (!isGood && stalled.Signal())
            {
                all.SetResult();
            }

            await connection.HoldAsync();
        });
        using var client = Clients.At(server.Address, options => options.TimeProvider = clock);
        var calls = Enumerable.Range(0, Count).Select(_ => client.FailureOfSendAsync()).ToArray();
        await all.Task.WaitAsync(Until.Patience);

        // The pool makes one or two threads a second: with 256 of them blocked this call would not come through in time.
        Assert.That(await Clients.FailureOfAsync(() => client.SendMessageToChatAsync(1, 2, "good")), Is.Null);
        await Task.Run(() => clock.Advance(TimeSpan.FromSeconds(15)));

        Assert.That(await Task.WhenAll(calls), Has.All.TypeOf<ChatsConnectionException>().With.All.Property("IsTimeout").True.And.All.Property("MayHaveBeenSent").True);
    }

    // In a method of its own, so that nothing keeps its tasks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task AbandonProviderAsync()
    {
        var provider = new TaskCompletionSource<string>();
        using var caller = new CancellationTokenSource();
        using var client = Clients.Over(new StubHandler(), options => (options.ApiKey, options.ApiKeyProvider) = (null, _ => new(provider.Task)));
        var call = client.FailureOfSendAsync(caller.Token);
        await caller.CancelAsync();
        Assert.That(await call, Is.TypeOf<ChatsCanceledException>().With.Property("MayHaveBeenSent").False);
        provider.SetException(new InvalidDataException("too late"));
    }
}
