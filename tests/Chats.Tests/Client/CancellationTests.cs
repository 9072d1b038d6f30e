using System.Net;
using YandexMarket.Chats.Tests.Support;

namespace YandexMarket.Chats.Tests.Client;

/// <summary>The caller's own cancellation stays what it is, wherever it meets the call.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CancellationTests : IDisposable
{
    private readonly CancellationTokenSource _caller = new();
    private readonly TaskCompletionSource _isThere = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _caller.Dispose();

    [Test]
    public async Task Canceled_before_the_call_asks_nobody([Values] bool read)
    {
        var handler = new AnswerHandler();
        using var client = Clients.Over(handler, options =>
            (options.ApiKey, options.ApiKeyProvider) = (null, _ => throw new InvalidOperationException("was asked")));
        await _caller.CancelAsync();

        await AssertCanceledAsync(client.CallAsync(read, _caller.Token));
        Assert.That(handler.Calls, Is.Zero);
    }

    [Test]
    public async Task Canceled_inside_the_key_provider([Values] bool read, [Values] bool listensToItsToken)
    {
        var handler = new AnswerHandler();
        using var client = Clients.Over(handler, options => (options.ApiKey, options.ApiKeyProvider) = (null, async cancellation =>
        {
            _isThere.SetResult();
            await Task.Delay(Timeout.Infinite, listensToItsToken ? cancellation : CancellationToken.None);
            return "key";
        }
        ));
        var call = client.CallAsync(read, _caller.Token);
        await _isThere.Task;

        await _caller.CancelAsync();

        await AssertCanceledAsync(call);
        Assert.That(handler.Calls, Is.Zero);
    }

    [Test]
    public async Task Canceled_before_the_answer([Values] bool read)
    {
        await using var server = RawServer.Stalling();
        using var client = Clients.At(server.BaseAddress);
        var call = client.CallAsync(read, _caller.Token);
        await server.FirstRequest;

        await _caller.CancelAsync();

        await AssertCanceledAsync(call);
    }

    [Test]
    public async Task Canceled_inside_the_body([Values] bool read, [Values(200, 400, 500)] int status)
    {
        using var client = Clients.Over(new AnswerHandler((_, _) => Task.FromResult(
            new HttpResponseMessage((HttpStatusCode)status) { Content = new StreamContent(new StallingStream(_isThere)) })));
        var call = client.CallAsync(read, _caller.Token);
        await _isThere.Task;

        await _caller.CancelAsync();

        await AssertCanceledAsync(call);
    }

    [Test]
    public async Task Canceled_while_a_handler_fails_for_another_reason()
    {
        using var client = Clients.Over(new AnswerHandler(async (_, _) =>
        {
            await _caller.CancelAsync();
            throw new HttpRequestException("broken");
        }));

        await AssertCanceledAsync(client.CallAsync(read: false, _caller.Token));
    }

    [Test]
    public async Task Canceled_after_the_end_changes_nothing()
    {
        using var client = Clients.Over(new AnswerHandler());

        await client.CallAsync(read: false, _caller.Token);
        await _caller.CancelAsync();

        await client.CallAsync(read: false, CancellationToken.None);
    }

    [Test]
    public async Task Somebody_else_s_cancellation_is_a_connection_that_failed([Values] bool read)
    {
        using var client = Clients.Over(new AnswerHandler((_, _) => throw new OperationCanceledException(new CancellationToken(canceled: true))));

        var exception = await Assert.ThrowsAsync<ChatsConnectionException>(() => client.CallAsync(read, _caller.Token));

        Assert.That((exception!.IsTimeout, exception.MayHaveBeenSent), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task The_key_provider_s_own_cancellation_is_not_the_caller_s()
    {
        var own = new OperationCanceledException("of the vault");
        using var client = Clients.Over(new AnswerHandler(), options => (options.ApiKey, options.ApiKeyProvider) = (null, _ => throw own));

        Assert.That((await Assert.ThrowsAsync<ChatsApiKeyException>(() => client.CallAsync(read: false, _caller.Token)))!.InnerException, Is.SameAs(own));
    }

    private async Task AssertCanceledAsync(Task call)
    {
        var exception = await Assert.ThrowsAsync<ChatsCanceledException>(() => call);
        Assert.That((exception!.CancellationToken, exception.InnerException), Is.EqualTo((_caller.Token, (Exception?)null)));
    }
}
