using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using YandexMarket.Chats.Benchmarks.Peers;
using YandexMarket.Chats.Benchmarks.Transport;

namespace YandexMarket.Chats.Benchmarks.Measure;

/// <summary>Before any time is taken: all peers must ask for the same and understand the same.</summary>
internal static class Check
{
    private static readonly Uri _address = new("https://localhost/v2/");

    public static async Task AllAsync()
    {
        foreach (var scenario in Scenario.All)
        {
            var expected = await TryAsync(PeerKind.Client, scenario).ConfigureAwait(false);
            foreach (var kind in PeerKind.All.Append(PeerKind.Hosted))
            {
                var actual = await TryAsync(kind, scenario).ConfigureAwait(false);
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
        (200, true) => scenario.AnswerBytes.Length.ToString(CultureInfo.InvariantCulture),
        (200, false) => "",
        var (status, _) => $"{status} ",
    };

    private static async Task<Outcome> TryAsync(PeerKind kind, Scenario scenario)
    {
        using var canned = new CannedHandler(scenario.Status, scenario.AnswerBytes);
        using var recorder = new Recorder(canned);
        var peer = kind.Create(recorder, _address);
        var call = scenario.IsRead ? peer.ReadAsync() : peer.SendAsync(scenario.Text);
        string result;
        try
        {
            await call.ConfigureAwait(false);
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
            var text = request.Content is null ? "" : await TextAsync(request.Content, cancellationToken).ConfigureAwait(false);
            Request = $"{request.Method} {request.RequestUri} {Values(request.Headers, "Api-Key")} {Values(request.Headers, "Accept")} {text}";
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        private static string Values(HttpHeaders headers, string name) =>
            headers.TryGetValues(name, out var values) ? string.Join('|', values) : "none";

        private static async Task<string> TextAsync(HttpContent content, CancellationToken cancellationToken)
        {
            // Kept by the content: one that gives its bytes only once must still have them for the network.
            using var json = JsonDocument.Parse(await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            var members = json.RootElement.EnumerateObject().ToList();
            return $"{content.Headers.ContentType?.MediaType} {string.Join(' ', members.Select(member => $"{member.Name}={member.Value.GetString()}"))}";
        }
    }
}
