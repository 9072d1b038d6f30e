using System.Text.Json;

namespace YandexMarket.Chats.Witnesses.Tests;

/// <summary>Records the calls of an HttpClient, with what Prism says of each.</summary>
internal sealed class Watch : DelegatingHandler
{
    private readonly List<WatchedCall> _calls = [];
    private readonly Lock _gate = new();

    // Every call has a connection of its own: Prism closes idle ones, and a send must not meet that.
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
        var call = new WatchedCall(
            (int)response.StatusCode,
            response.Headers.TryGetValues("traceparent", out var values) ? values.Single() : null,
            await response.Content.ReadAsStringAsync(cancellationToken),
            Violation.Of(response));
        lock (_gate)
        {
            _calls.Add(call);
        }

        return response;
    }
}

/// <summary>A call that went through Prism.</summary>
internal sealed record WatchedCall(int Status, string? TraceParent, string Body, IReadOnlyList<Violation> Violations);

/// <summary>One thing that is not as the contract says. Prism's severity plays no part here: a warning counts like an error.</summary>
/// <param name="Location">Where it is, such as <c>request.query.chatid</c> or <c>response.body</c>.</param>
/// <param name="Message">Prism's words for it.</param>
internal sealed record Violation(string Location, string Message)
{
    /// <summary>Reads the header of a response. Without it there was no violation; one that cannot be read is a violation itself.</summary>
    public static IReadOnlyList<Violation> Of(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("sl-violations", out var values))
        {
            return [];
        }

        var text = string.Join(", ", values);
        try
        {
            using var json = JsonDocument.Parse(text);
            return
            [
                .. json.RootElement.EnumerateArray().Select(one => new Violation(
                    string.Join('.', one.GetProperty("location").EnumerateArray()), one.GetProperty("message").GetString()!)),
            ];
        }
        catch (JsonException)
        {
            return [new Violation("header", text)];
        }
    }
}
