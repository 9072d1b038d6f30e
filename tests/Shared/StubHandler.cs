using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace YandexMarket.Chats.Testing;

/// <summary>Stands where the network would: a test says what comes back, and sees what was asked.</summary>
internal sealed class StubHandler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> respond) : HttpMessageHandler
{
    private readonly ConcurrentQueue<Request> _requests = new();
    private readonly bool _reads;
    private int _calls;

    /// <summary>Gives every request the same body, and keeps the requests.</summary>
    public StubHandler(string json = """{"status":"OK","result":{"messageId":1,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}""")
        : this((_, _) => Task.FromResult(Json(json))) => _reads = true;

    /// <summary>A request as it went out: its method and address, its body, its headers.</summary>
    public sealed record Request(string Line, string? Body, IReadOnlyDictionary<string, string> Headers);

    public int Calls => _calls;

    /// <summary>Kept only where the handler was given a body: to keep a request is to read it, and some tests must not.</summary>
    public IReadOnlyList<Request> Requests => [.. _requests];

    public bool IsDisposed { get; private set; }

    public static HttpResponseMessage Json(string json) =>
        new(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        if (_reads)
        {
            _requests.Enqueue(new Request(
                $"{request.Method} {request.RequestUri}",
                request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false),
                request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value))));
        }

        // A caller who blocks his context must not meet it here.
        return await respond(request, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
