namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>A handler that throws something at random, before or after the request, or only reads the body.</summary>
internal sealed class RandomlyThrowingHandler(int seed) : DelegatingHandler
{
    private readonly Random _random = new(seed);
    private int _before;
    private int _after;

    public int Before => _before;

    public int After => _after;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int drawn;
        lock (_random)
        {
            drawn = _random.Next(100);
        }

        if (drawn < 10)
        {
            Interlocked.Increment(ref _before);
            throw Draw(drawn);
        }

        if (drawn < 15)
        {
            await (request.Content?.ReadAsStringAsync(cancellationToken) ?? Task.FromResult(""));
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (drawn < 90)
        {
            return response;
        }

        response.Dispose();
        Interlocked.Increment(ref _after);
        throw Draw(drawn);
    }

    private static Exception Draw(int drawn) => (drawn % 5) switch
    {
        0 => new TimeoutException(),
        1 => new InvalidOperationException(),
        2 => new OperationCanceledException(),
        3 => new IOException(),
        _ => new NotSupportedException(),
    };
}
