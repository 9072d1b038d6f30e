namespace YandexMarket.Chats.Redis.Tests.Runs;

/// <summary>Counts the parallel calls of a machine, per business.</summary>
internal sealed class AtOnce : DelegatingHandler
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _running = [];
    private int _most;

    public int Most => Volatile.Read(ref _most);

    /// <summary>Resets <see cref="Most"/>.</summary>
    public void Begin() => Volatile.Write(ref _most, 0);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var business = request.RequestUri!.AbsolutePath;
        lock (_gate)
        {
            var running = _running[business] = _running.GetValueOrDefault(business) + 1;
            _most = Math.Max(_most, running);
        }

        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _running[business]--;
            }
        }
    }
}
