namespace YandexMarket.Chats.Hosting;

/// <summary>
/// The last handler before the network, inside those of the users. A body gives its bytes once; but a handler can keep a copy of what it
/// read, or clone the request, and a handler that retries would send that again.
/// </summary>
internal sealed class SendOnceHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get)
        {
            return base.SendAsync(request, cancellationToken);
        }

        if (ChatsRequest.MarkOf(request) is not { } mark)
        {
            return Task.FromException<HttpResponseMessage>(new InvalidOperationException(
                "A message handler cloned a request without its Options, so that nobody can tell how often its message is sent. Copy the Options, too."));
        }

        var isUnread = !mark.WasRead && request.Content is RequestBody body && body.Mark == mark;
        return mark.TryPass(isUnread)
            ? base.SendAsync(request, cancellationToken)
            : Task.FromException<HttpResponseMessage>(new RepeatedSendException());
    }
}
