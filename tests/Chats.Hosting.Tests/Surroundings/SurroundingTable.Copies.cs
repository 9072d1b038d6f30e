namespace YandexMarket.Chats.Hosting.Tests.Surroundings;

/// <summary>Handlers that send a request twice, and how they copy it.</summary>
internal static partial class SurroundingTable
{
    private static ForeignHandler.Behavior Twice(Func<HttpRequestMessage, Task<HttpRequestMessage>> copy) => async (request, next, _) =>
    {
        var (first, second) = (await copy(request), await copy(request));
        (await next(first)).Dispose();
        return await next(second);
    };

    private static async Task<HttpRequestMessage> CloneAsync(HttpRequestMessage request)
    {
        var clone = new HttpRequestMessage(request.Method, request.RequestUri) { Content = await CopyAsync(request.Content) };
        foreach (var header in request.Headers)
        {
            clone.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        foreach (var option in request.Options)
        {
            ((IDictionary<string, object?>)clone.Options)[option.Key] = option.Value;
        }

        return clone;
    }

    private static async Task<HttpRequestMessage> CopyBodyAsync(HttpRequestMessage request)
    {
        request.Content = await CopyAsync(request.Content);
        return request;
    }

    private static async Task<ByteArrayContent?> CopyAsync(HttpContent? content) => content is null ? null : new(await content.ReadAsByteArrayAsync());
}
