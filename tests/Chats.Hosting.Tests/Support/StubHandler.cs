using System.Net;
using System.Text;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>The end of the line of handlers: notes each request, and answers as it is told.</summary>
internal sealed class StubHandler(Func<HttpRequestMessage, int, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly List<string> _keys = [];

    public StubHandler(params int[] statuses)
        : this(async (request, attempt, _) =>
        {
            await ReadAsync(request);
            return Answer(request, statuses[Math.Min(attempt, statuses.Length - 1)]);
        })
    {
    }

    /// <summary>The key of each request, in their order.</summary>
    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_gate)
            {
                return [.. _keys];
            }
        }
    }

    public int Requests => Keys.Count;

    public static Task ReadAsync(HttpRequestMessage request) => request.Content?.CopyToAsync(Stream.Null) ?? Task.CompletedTask;

    public static HttpResponseMessage Answer(HttpRequestMessage request, int status, string? errorText = null)
    {
        var json = status != 200
            ? $$"""{"status":"ERROR","errors":[{"code":"OTHER","message":"{{errorText ?? "no"}}"}]}"""
            : request.Method == HttpMethod.Post
                ? """{"status":"OK"}"""
                : """{"status":"OK","result":{"messageId":3,"createdAt":"2025-11-21T10:00:00+03:00","sender":"CUSTOMER","message":"buyer-text"}}""";
        return new HttpResponseMessage((HttpStatusCode)status)
        {
            RequestMessage = request,
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int attempt;
        lock (_gate)
        {
            attempt = _keys.Count;
            _keys.Add(request.Headers.GetValues("Api-Key").Single());
        }

        return answer(request, attempt, cancellationToken);
    }
}
