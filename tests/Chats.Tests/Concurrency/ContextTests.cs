namespace YandexMarket.Chats.Tests.Concurrency;

/// <summary>A library must not return to its caller's context: a caller that blocks it would wait forever.</summary>
public class ContextTests
{
    // Only the first step that is not over at once meets the context, so each is the slow one once.
    [TestCase("the key")]
    [TestCase("the response")]
    [TestCase("the body is opened")]
    [TestCase("the body is read")]
    public void A_caller_that_blocks_its_context_gets_the_response(string slow)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task BegunAsync(string step) => step == slow ? begun.Task : Task.CompletedTask;
        using var client = Clients.Over(
            async (_, _) =>
            {
                await BegunAsync("the response").ConfigureAwait(false);
                var bytes = new MemoryStream(Encoding.UTF8.GetBytes(Responses.Sent));
                var body = new StubStream(async (buffer, _) =>
                {
                    await BegunAsync("the body is read").ConfigureAwait(false);
                    return bytes.Read(buffer.Span);
                });
                return new HttpResponseMessage { Content = new StreamBody(() => body, length: null) { OpensAfter = BegunAsync("the body is opened") } };
            },
            options =>
            {
                options.ApiKey = null;
                options.ApiKeyProvider = async _ =>
                {
                    await BegunAsync("the key").ConfigureAwait(false);
                    return Canary.Key;
                };
            });
        var dead = new DeadContext();

        Task call = Task.CompletedTask;

        var caller = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(dead);
            call = client.SendMessageToChatAsync(1, 2, "text");
            begun.SetResult();
            SpinWait.SpinUntil(() => call.IsCompleted || dead.Posts > 0, TimeSpan.FromSeconds(30));
        });
        caller.Start();
        caller.Join();

        Assert.That((dead.Posts, call.Status), Is.EqualTo((0, TaskStatus.RanToCompletion)));
    }

    private sealed class DeadContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state) => Interlocked.Increment(ref _posts);
    }
}
