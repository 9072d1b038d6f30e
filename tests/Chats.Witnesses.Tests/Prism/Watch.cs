using System.Net.Http.Headers;

namespace YandexMarket.Chats.Witnesses.Tests.Prism;

/// <summary>Sees the calls of an HttpClient on their way, with what Prism says of each.</summary>
internal sealed class Watch : DelegatingHandler
{
    private readonly List<WatchedCall> _calls = [];
    private readonly Lock _gate = new();

    // Every call has a connection of its own: Prism gives up idle ones, and a send must not meet that.
    public Watch()
        : base(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
    }

    /// <summary>What to ask of Prism as a mock: the value of the header <c>Prefer</c>, or null.</summary>
    public string? Prefer { get; set; }

    public IReadOnlyList<WatchedCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    public IEnumerable<Violation> Violations => Calls.SelectMany(call => call.Violations);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Prefer is not null)
        {
            request.Headers.Add("Prefer", Prefer);
        }

        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var call = new WatchedCall(
            request.Method.Method,
            (int)response.StatusCode,
            TraceParent(response.Headers),
            await response.Content.ReadAsStringAsync(cancellationToken),
            Violation.Of(response));
        lock (_gate)
        {
            _calls.Add(call);
        }

        return response;
    }

    private static string? TraceParent(HttpResponseHeaders headers) =>
        headers.TryGetValues("traceparent", out var values) ? values.Single() : null;
}
