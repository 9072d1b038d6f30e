using System.Net;
using System.Text;

namespace YandexMarket.Chats.Tests.Faults;

/// <summary>A library must not come back to its caller's context: a caller who waits there for it would wait for ever.</summary>
public class ContextTests
{
    [TestCase(200)]
    [TestCase(404)]
    public void A_caller_who_blocks_his_context_gets_his_answer(int status)
    {
        var options = Calls.Options();
        options.ApiKey = null;
        options.ApiKeyProvider = async ignored =>
        {
            await Task.Run(() => { }, CancellationToken.None).ConfigureAwait(false);
            return Canary.Key;
        };
        using var client = Calls.Over(async (request, cancellationToken) =>
        {
            await Task.Run(() => { }, cancellationToken).ConfigureAwait(false);
            return new HttpResponseMessage((HttpStatusCode)status)
            {
                Content = new StreamBody(() => new Later(Encoding.UTF8.GetBytes(Calls.Good)), length: null) { OpensLater = true },
            };
        }, options);
        var dead = new DeadContext();

        var ended = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(dead);
            var call = client.SendMessageToChatAsync(1, 2, "text");
            SpinWait.SpinUntil(() => call.IsCompleted || dead.Posts > 0, TimeSpan.FromSeconds(30));
        });
        ended.Start();
        ended.Join();

        Assert.That(dead.Posts, Is.Zero);
    }

    private sealed class DeadContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state) => Interlocked.Increment(ref _posts);
    }

    /// <summary>Each read ends in another thread.</summary>
    private sealed class Later(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Run(() => { }, cancellationToken).ConfigureAwait(false);
            return Read(buffer.Span);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
