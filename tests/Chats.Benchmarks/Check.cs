using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>Before any time is taken: all peers must ask for the same and understand the same.</summary>
internal static class Check
{
    public static async Task AllAsync()
    {
        foreach (var scenario in Scenario.All)
        {
            var expected = await TryAsync(PeerKind.Client, scenario);
            foreach (var kind in PeerKind.All.Append(PeerKind.Hosted))
            {
                var actual = await TryAsync(kind, scenario);
                if (kind == PeerKind.Transport)
                {
                    // It understands nothing: its word is the number of bytes, or the status.
                    actual = actual with { Result = actual.Result == BareResult(scenario) ? expected.Result : actual.Result };
                }

                if (actual != expected)
                {
                    throw new InvalidOperationException($"{scenario.Name}: {kind} differs.\n  {actual}\n  {expected}");
                }
            }
        }
    }

    private static string BareResult(Scenario scenario) => (scenario.Status, scenario.IsRead) switch
    {
        (200, true) => scenario.ResponseBytes.Length.ToString(CultureInfo.InvariantCulture),
        (200, false) => "",
        var (status, _) => $"{status} ",
    };

    private static async Task<Outcome> TryAsync(PeerKind kind, Scenario scenario)
    {
        using var canned = new CannedHandler(scenario.Status, scenario.ResponseBytes);
        using var recorder = new Recorder(canned);
        var peer = kind.Create(recorder, InMemory.Address);
        var call = scenario.Begin(peer);
        string result;
        try
        {
            await call;
            result = scenario.IsRead ? peer.Show(call) : "";
        }
        catch (Exception error) when (scenario.Status != 200)
        {
            result = peer.Show(error);
        }

        return new Outcome(recorder.Request, result);
    }

    private sealed record Outcome(string Request, string Result);

    private sealed class Recorder(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public string Request { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var text = request.Content is null ? "" : await TextAsync(request.Content, cancellationToken);
            Request = $"{request.Method} {request.RequestUri} {Values(request.Headers, "Api-Key")} {Values(request.Headers, "Accept")} {text}";
            return await base.SendAsync(request, cancellationToken);
        }

        private static string Values(HttpHeaders headers, string name) =>
            headers.TryGetValues(name, out var values) ? string.Join('|', values) : "none";

        private static async Task<string> TextAsync(HttpContent content, CancellationToken cancellationToken)
        {
            // Kept by the content: one that gives its bytes only once must still have them for the network.
            using var json = JsonDocument.Parse(await content.ReadAsByteArrayAsync(cancellationToken));
            var members = json.RootElement.EnumerateObject().ToList();
            return $"{content.Headers.ContentType?.MediaType} {string.Join(' ', members.Select(member => $"{member.Name}={member.Value.GetString()}"))}";
        }
    }
}
