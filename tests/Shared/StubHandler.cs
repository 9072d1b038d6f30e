namespace YandexMarket.Chats.Testing;

/// <summary>Replaces the network: a test sets the responses and sees the requests.</summary>
internal sealed class StubHandler(Func<HttpRequestMessage, int, CancellationToken, Task<HttpResponseMessage>> respond) : HttpMessageHandler
{
    private readonly ConcurrentQueue<Request> _requests = new();
    private readonly bool _readsBodies;
    private int _calls;

    public StubHandler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> respond)
        : this((request, _, cancellationToken) => respond(request, cancellationToken))
    {
    }

    /// <summary>Gives every request the same body, and keeps the requests with theirs.</summary>
    public StubHandler(string json = """{"status":"OK","result":{"messageId":1,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}""")
        : this((_, _, _) => Task.FromResult(Json(json))) => _readsBodies = true;

    /// <summary>A request as it went out: its method and address, its body, its headers.</summary>
    public sealed record Request(string Line, string? Body, IReadOnlyDictionary<string, string> Headers);

    public int Calls => _calls;

    /// <summary>Request bodies are kept only if the handler has a response body: keeping one means reading it, which some tests must not
    /// do.</summary>
    public IReadOnlyList<Request> Requests => [.. _requests];

    public IEnumerable<string> Keys => _requests.Select(request => request.Headers["Api-Key"]);

    public bool IsDisposed { get; private set; }

    /// <summary>Reads each request and returns the statuses in turn, then repeats the last one.</summary>
    public static StubHandler Responding(params int[] statuses) => new(async (request, attempt, _) =>
    {
        await ReadAsync(request);
        return Response(request, statuses[Math.Min(attempt, statuses.Length - 1)]);
    });

    public static Task ReadAsync(HttpRequestMessage request) => request.Content?.CopyToAsync(Stream.Null) ?? Task.CompletedTask;

    /// <summary>The body, read as a connection reads it, which keeps nothing.</summary>
    public static async Task<string> BodyAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        using var wire = new MemoryStream();
        await request.Content!.CopyToAsync(wire, cancellationToken);
        return Encoding.UTF8.GetString(wire.ToArray());
    }

    public static HttpResponseMessage Json(string json) =>
        new(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    /// <summary>As the service responds to either operation. The text is that of the error, or of the message that is read.</summary>
    public static HttpResponseMessage Response(HttpRequestMessage request, int status, string text = "no")
    {
        var response = Json(
            status != 200 ? $$"""{"status":"ERROR","errors":[{"code":"OTHER","message":"{{text}}"}]}"""
            : request.Method == HttpMethod.Post ? """{"status":"OK"}"""
            : $$$"""{"status":"OK","result":{"messageId":3,"createdAt":"2025-11-21T10:00:00+03:00","sender":"CUSTOMER","message":"{{{text}}}"}}""");
        (response.StatusCode, response.RequestMessage) = ((HttpStatusCode)status, request);
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var attempt = Interlocked.Increment(ref _calls) - 1;
        _requests.Enqueue(new Request(
            $"{request.Method} {request.RequestUri}",
            _readsBodies && request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false) : null,
            request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value))));

        // A caller that blocks its context must not be resumed on it here.
        return await respond(request, attempt, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
