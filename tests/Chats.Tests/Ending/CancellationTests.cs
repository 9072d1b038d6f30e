namespace YandexMarket.Chats.Tests.Ending;

/// <summary>The caller's own cancellation ends the call as that, wherever it is noticed.</summary>
public sealed class CancellationTests : IDisposable
{
    private readonly CancellationTokenSource _caller = new();

    public void Dispose() => _caller.Dispose();

    [Test]
    public async Task Before_the_call_it_asks_for_neither_a_key_nor_a_response([Values] bool read)
    {
        var handler = new StubHandler();
        using var client = Clients.Over(handler, options =>
            (options.ApiKey, options.ApiKeyProvider) = (null, _ => throw new InvalidOperationException("was asked")));
        await _caller.CancelAsync();

        await AssertCanceledAsync(client.CallAsync(read, _caller.Token));
        Assert.That(handler.Calls, Is.Zero);
    }

    [Test]
    public async Task Even_where_the_network_fails_because_of_it()
    {
        using var client = Clients.Over(async (_, _) =>
        {
            await _caller.CancelAsync();
            throw new HttpRequestException("broken");
        });

        await AssertCanceledAsync(client.CallAsync(read: false, _caller.Token));
    }

    [Test]
    public async Task Too_late_for_its_own_call_it_cancels_no_other()
    {
        using var client = Clients.Over(new StubHandler(async (_, attempt, cancellationToken) =>
        {
            await (attempt == 1 ? _caller.CancelAsync() : Task.CompletedTask);
            cancellationToken.ThrowIfCancellationRequested();
            return StubHandler.Json(Responses.Sent);
        }));

        await client.CallAsync(read: false, _caller.Token);
        await client.CallAsync(read: false);
        await AssertCanceledAsync(client.CallAsync(read: false, _caller.Token));
        await client.CallAsync(read: false);
    }

    private async Task AssertCanceledAsync(Task call)
    {
        var exception = await Assert.ThrowsAsync<ChatsCanceledException>(() => call.WaitAsync(Until.Patience));
        Assert.That((exception!.CancellationToken, exception.InnerException), Is.EqualTo((_caller.Token, (Exception?)null)));
    }
}
