namespace YandexMarket.Chats.Tests;

/// <summary>What message handlers of applications do, each for a <see cref="ForeignHandler"/>.</summary>
internal static class Handlers
{
    /// <summary>How often <see cref="RetryAsync"/> sends a request at most.</summary>
    public const int Attempts = 2;

    public static HttpMessageHandler Before(HttpMessageHandler inner, ForeignHandler.Behavior behavior) => new ForeignHandler(behavior) { InnerHandler = inner };

    /// <summary>Retries whatever has failed, as many applications do for everything they call: a send too.</summary>
    public static async Task<HttpResponseMessage> RetryAsync(
        HttpRequestMessage request, Func<HttpRequestMessage, Task<HttpResponseMessage>> next, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var response = await next(request);
                if (response.IsSuccessStatusCode || attempt == Attempts)
                {
                    return response;
                }

                response.Dispose();
            }
            catch (HttpRequestException) when (attempt < Attempts)
            {
                // The next attempt follows.
            }
        }
    }

    /// <summary>Gives a response of its own if there is none.</summary>
    public static ForeignHandler.Behavior FallBackTo(int status, HttpContent? content = null) => async (request, next, _) =>
    {
        try
        {
            return await next(request);
        }
        catch (Exception)
        {
            return new((HttpStatusCode)status) { Content = content };
        }
    };
}
