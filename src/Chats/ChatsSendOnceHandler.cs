using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

/// <summary>
/// Passes the message of a send to the network at most once, whatever the handlers before it retry, copy or clone. AddChatsClient adds it. In
/// your own <see cref="HttpClient"/>, if its handlers copy requests, put it last, directly before the primary handler. Use it in an HttpClient that
/// only the chat client uses.
/// </summary>
/// <remarks>
/// Sending the same message a second time fails with <see cref="ChatsConnectionException"/>. An exception of the network is replaced with one of the
/// same kind that quotes no response, so that the handlers before this one can log it.
/// </remarks>
public sealed class ChatsSendOnceHandler : DelegatingHandler
{
    /// <summary>Creates a handler whose inner handler a factory sets later.</summary>
    public ChatsSendOnceHandler()
    {
    }

    /// <summary>Creates a handler that passes requests on to another one.</summary>
    /// <param name="innerHandler">The next handler toward the network.</param>
    public ChatsSendOnceHandler(HttpMessageHandler innerHandler)
        : base(innerHandler)
    {
    }

    /// <summary>Passes a request on; the message of a send only once.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The response of the inner handler.</returns>
    /// <exception cref="InvalidOperationException">The request is neither a GET nor a send with the Options that the client set.</exception>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        PassAsync(request, isAsync: true, cancellationToken);

#if NET
    /// <summary>Like <see cref="SendAsync"/>, for a handler that sends synchronously.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The response of the inner handler.</returns>
    /// <exception cref="InvalidOperationException">The request is neither a GET nor a send with the Options that the client set.</exception>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        PassAsync(request, isAsync: false, cancellationToken).GetAwaiter().GetResult();
#endif

    private async Task<HttpResponseMessage> PassAsync(HttpRequestMessage request, bool isAsync, CancellationToken cancellationToken)
    {
        var body = GetBody(request);
        // A body can be read once; but a handler may keep a copy of what it read, or clone the request, and send that again.
        if (body?.TryPass(request.Content) == false)
        {
            if (body.Sending is { } sending && isAsync)
            {
                // A hedging handler cancels all attempts when one of them fails: the one that sends the text must end first.
                await Task.WhenAny(sending, Task.Delay(Timeout.Infinite, cancellationToken)).ConfigureAwait(false);
            }

            throw new SecondSendException();
        }

        var status = 0;
        try
        {
#if NET
            var pass = isAsync ? base.SendAsync(request, cancellationToken) : Task.FromResult(base.Send(request, cancellationToken));
#else
            var pass = base.SendAsync(request, cancellationToken);
#endif
            body?.Sending = pass;
            var response = await pass.ConfigureAwait(false);
            status = (int)response.StatusCode;
            return response;
        }
        catch (Exception exception) when (CanQuote(exception))
        {
            throw ChatsExceptionFactory.WithoutQuotes(exception);
        }
        finally
        {
            body?.EndPass(status);
        }
    }

    /// <summary>Whether it can quote a response: the handlers before this one may log it.</summary>
    private static bool CanQuote(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException { InnerException: not null };

    /// <summary>The body of a send; null for a read.</summary>
    private static RequestBody? GetBody(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        (request as ChatsRequest)?.RecordNetworkAddress();
        if (request.Method == HttpMethod.Get)
        {
            return null;
        }

        return ChatsRequest.GetBody(request) ?? throw new InvalidOperationException(
            "This is not a request of the chat client, or a message handler cloned one without its Options, so it is unknown how often its message is " +
            "sent. Use another HttpClient for other requests; copy the Options in a clone.");
    }
}
