using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Witnesses.Tests;

/// <summary>Records the calls of an HttpClient, with what Prism says of each.</summary>
// Every call uses its own connection: Prism closes idle ones, and a send must not meet that.
internal sealed class Watch() : DelegatingHandler(
    new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero })
{
    private readonly ConcurrentQueue<WatchedCall> _calls = new();

    public IReadOnlyList<WatchedCall> Calls => [.. _calls];

    public IEnumerable<Violation> Violations => _calls.SelectMany(call => call.Violations);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        string? HeaderOf(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
        _calls.Enqueue(new WatchedCall(
            (int)response.StatusCode,
            HeaderOf("traceparent"),
            [.. JsonNode.Parse(HeaderOf("sl-violations") ?? "[]")!.AsArray().Select(one =>
                new Violation(string.Join('.', one!["location"]!.AsArray()), (string)one["message"]!))]));
        return response;
    }
}

/// <summary>A call that went through Prism.</summary>
internal sealed record WatchedCall(int Status, string? TraceParent, IReadOnlyList<Violation> Violations);

/// <summary>One thing that is not as the contract says. Prism's severity plays no part here: a warning counts like an error. A location is
/// <c>request.query.chatid</c> or <c>response.body</c>, for example.</summary>
internal sealed record Violation(string Location, string Message);
