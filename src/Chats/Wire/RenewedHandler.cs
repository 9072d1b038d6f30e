#if !NET
namespace YandexMarket.Chats.Wire;

/// <summary>
/// Renews the connections every five minutes, so that a change of the service's address is noticed. HttpClientHandler has no setting for
/// that, so the whole handler is replaced. The old one is not disposed, because calls may use it: .NET closes its connections when they are idle.
/// </summary>
internal sealed class RenewedHandler(Func<HttpMessageHandler> create, TimeProvider clock) : HttpMessageHandler
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(5);

    private volatile Generation? _current;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_current is not { } current || clock.GetElapsedTime(current.Since) >= _lifetime)
        {
            _current = current = new Generation(new HttpMessageInvoker(create()), clock.GetTimestamp());
        }

        return current.Connections.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _current?.Connections.Dispose();
        base.Dispose(disposing);
    }

    private sealed record Generation(HttpMessageInvoker Connections, long Since);
}
#endif
