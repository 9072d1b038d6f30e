#if !NET
namespace YandexMarket.Chats.Wire;

/// <summary>
/// Renews the connections every five minutes, so that a change of the service's address is noticed. HttpClientHandler has no setting for
/// that, so the whole handler is replaced, and the old one is disposed after its last call.
/// </summary>
internal sealed class RenewedHandler(Func<HttpMessageHandler> create, TimeProvider clock) : HttpMessageHandler
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(5);

    private readonly object _gate = new();
    private Generation? _current;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var generation = Enter();
        try
        {
            return await generation.Connections.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(generation);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_gate)
            {
                _current?.Connections.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private Generation Enter()
    {
        lock (_gate)
        {
            if (_current is { } old && clock.GetElapsedTime(old.Since) >= _lifetime)
            {
                _current = null;
                DisposeUnused(old);
            }

            _current ??= new Generation(new HttpMessageInvoker(create()), clock.GetTimestamp());
            _current.Calls++;
            return _current;
        }
    }

    private void Leave(Generation generation)
    {
        lock (_gate)
        {
            generation.Calls--;
            if (generation != _current)
            {
                DisposeUnused(generation);
            }
        }
    }

    // A response that is still being read keeps its connection.
    private static void DisposeUnused(Generation generation)
    {
        if (generation.Calls == 0)
        {
            generation.Connections.Dispose();
        }
    }

    private sealed class Generation(HttpMessageInvoker connections, long since)
    {
        public HttpMessageInvoker Connections => connections;

        public long Since => since;

        public int Calls { get; set; }
    }
}
#endif
