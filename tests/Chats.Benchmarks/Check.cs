using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using YandexMarket.Chats.Benchmarks.Peers;
using YandexMarket.Chats.Benchmarks.Transport;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>Before anything is measured: all clients must send the same request and return the same result.</summary>
internal static class Check
{
    public static async Task AllAsync()
    {
        foreach (var scenario in Scenario.All)
        {
            var expected = await TryAsync(PeerKind.Client, scenario).ConfigureAwait(false);
            foreach (var kind in PeerKind.All)
            {
                var actual = await TryAsync(kind, scenario).ConfigureAwait(false);
                if (kind == PeerKind.Transport)
                {
                    // It does not read the body: its result is the number of bytes, or the status.
                    actual = actual with { Result = actual.Result == BareResult(scenario) ? expected.Result : actual.Result };
                }

                if (actual != expected)
                {
                    throw new InvalidOperationException($"{scenario}: {kind} differs.\n  {actual}\n  {expected}");
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
        using var canned = new CannedHandler(scenario);
        using var recorder = new Recorder(canned);
        var peer = kind.Create(recorder, new Uri("https://localhost/v2/"));
        var call = scenario.Begin(peer);
        string result;
        try
        {
            await call.ConfigureAwait(false);
            result = scenario.IsRead ? peer.Describe(call) : "";
        }
        catch (Exception error) when (scenario.Status != 200)
        {
            result = peer.Describe(error);
        }

        return new Outcome(recorder.Request, result);
    }

    private sealed record Outcome(string Request, string Result);

    private sealed class Recorder(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public string Request { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var text = request.Content is null ? "" : await TextAsync(request.Content, cancellationToken).ConfigureAwait(false);
            Request = $"{request.Method} {request.RequestUri} {Values(request.Headers, "Api-Key")} {Values(request.Headers, "Accept")} {text}";
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        private static string Values(HttpHeaders headers, string name) =>
            headers.TryGetValues(name, out var values) ? string.Join('|', values) : "none";

        private static async Task<string> TextAsync(HttpContent content, CancellationToken cancellationToken)
        {
            // The content keeps these bytes, so that one that can be read only once is still sent.
            using var json = JsonDocument.Parse(await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            var members = json.RootElement.EnumerateObject().ToList();
            return $"{content.Headers.ContentType?.MediaType} {string.Join(' ', members.Select(member => $"{member.Name}={member.Value.GetString()}"))}";
        }
    }
}
