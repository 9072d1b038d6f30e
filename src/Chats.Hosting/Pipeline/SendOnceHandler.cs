namespace YandexMarket.Chats.Hosting;

/// <summary>
/// The last handler before the network, inside those of the users. A body gives its bytes once; but of a handler that read them HttpContent
/// keeps a copy, and a handler that repeats requests would send that one again.
/// </summary>
internal sealed class SendOnceHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Content is RequestBody body && !body.MayLeave()
            ? Task.FromException<HttpResponseMessage>(new RepeatedSendException())
            : base.SendAsync(request, cancellationToken);
}
