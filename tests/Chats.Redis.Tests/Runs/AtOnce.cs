namespace YandexMarket.Chats.Redis.Tests.Runs;

/// <summary>Counts the parallel calls of a machine, per business.</summary>
internal sealed class AtOnce : DelegatingHandler
{
    private readonly ConcurrentDictionary<string, int> _running = new();

    /// <summary>How many calls of the business each call found, with itself.</summary>
    public ConcurrentQueue<int> Counts { get; } = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var business = request.RequestUri!.AbsolutePath;
        Counts.Enqueue(_running.AddOrUpdate(business, 1, (_, running) => running + 1));
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            _running.AddOrUpdate(business, 0, (_, running) => running - 1);
        }
    }
}
