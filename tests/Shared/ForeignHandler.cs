namespace YandexMarket.Chats.Testing;

/// <summary>A message handler of the application: a function that passes the request on, or does something else with it.</summary>
internal sealed class ForeignHandler(ForeignHandler.Behavior behavior) : DelegatingHandler
{
    public delegate Task<HttpResponseMessage> Behavior(
        HttpRequestMessage request, Func<HttpRequestMessage, Task<HttpResponseMessage>> next, CancellationToken cancellationToken);

    /// <summary>Sends every request twice, and still holds the first response while it waits for the second one.</summary>
    public static async Task<HttpResponseMessage> SendTwice(
        HttpRequestMessage request, Func<HttpRequestMessage, Task<HttpResponseMessage>> next, CancellationToken cancellationToken)
    {
        using var first = await next(request);
        return await next(request);
    }

    /// <summary>
    /// Reads the body, as handlers do that sign or record. HttpContent then keeps a copy, and gives it to whoever asks next without asking the
    /// client's content again.
    /// </summary>
    public static async Task<HttpResponseMessage> ReadBody(
        HttpRequestMessage request, Func<HttpRequestMessage, Task<HttpResponseMessage>> next, CancellationToken cancellationToken)
    {
        await (request.Content?.ReadAsStringAsync(cancellationToken) ?? Task.CompletedTask);
        return await next(request);
    }

    public static Behavior Before(Action action) => (request, next, _) =>
    {
        action();
        return next(request);
    };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        behavior(request, next => base.SendAsync(next, cancellationToken), cancellationToken);
}
