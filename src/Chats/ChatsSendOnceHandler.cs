using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

/// <summary>
/// Lets the message of a send pass to the network once, whatever the handlers before it retry, copy or clone. AddChatsClient puts it last.
/// Put it last as well, directly before the primary handler, in an <see cref="HttpClient"/> of your own whose handlers copy requests.
/// </summary>
/// <remarks>A second attempt to send the same message ends as <see cref="ChatsConnectionException"/>.</remarks>
public sealed class ChatsSendOnceHandler : DelegatingHandler
{
    /// <summary>A handler whose inner handler is set later, by a factory.</summary>
    public ChatsSendOnceHandler()
    {
    }

    /// <summary>A handler before another one.</summary>
    /// <param name="innerHandler">The handler that reaches the network.</param>
    public ChatsSendOnceHandler(HttpMessageHandler innerHandler)
        : base(innerHandler)
    {
    }

    /// <summary>Passes a request on, but the message of a send only once.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The response of the inner handler.</returns>
    /// <exception cref="InvalidOperationException">The request is a send without the Options that the client set.</exception>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Method == HttpMethod.Get)
        {
            return base.SendAsync(request, cancellationToken);
        }

        if (ChatsRequest.MarkOf(request) is not { } mark)
        {
            return Task.FromException<HttpResponseMessage>(new InvalidOperationException(
                "A message handler cloned a request without its Options, so that nobody can tell how often its message is sent. Copy the Options, too."));
        }

        // A body gives its bytes once; but a handler can keep a copy of what it read, or clone the request, and send that again.
        var isUnread = !mark.WasRead && request.Content is RequestBody body && body.Mark == mark;
        return mark.TryPass(isUnread)
            ? base.SendAsync(request, cancellationToken)
            : Task.FromException<HttpResponseMessage>(new RepeatedSendException());
    }
}
