using System.Net.Http.Headers;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;
using YandexMarket.Chats.Benchmarks.Peers;
using YandexMarket.Chats.Benchmarks.Transport;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>Before anything is measured: all clients must send the same request and return the same result.</summary>
internal static class Check
{
    // All models have the same members in the same order; System.Text.Json's attributes mean nothing to it.
    private static readonly JsonSerializer _serializer = JsonSerializer.Create(new JsonSerializerSettings
    {
        ContractResolver = new CamelCasePropertyNamesContractResolver(),
        NullValueHandling = NullValueHandling.Ignore,
        Converters = { new StringEnumConverter() },
    });

    public static async Task AllAsync()
    {
        foreach (var scenario in Scenario.All)
        {
            var reference = await TryAsync(PeerKind.Client, scenario).ConfigureAwait(false);
            foreach (var kind in PeerKind.All)
            {
                var actual = await TryAsync(kind, scenario).ConfigureAwait(false);
                // This one does not read the body: its result is the number of bytes, or the status.
                var expected = kind == PeerKind.Transport ? reference with { Result = BareResult(scenario) } : reference;
                if (actual != expected)
                {
                    throw new InvalidOperationException($"{scenario}: {kind} differs.\n  {actual}\n  {expected}");
                }
            }
        }
    }

    private static string BareResult(Scenario scenario) => (scenario.Status, scenario.IsRead) switch
    {
        (200, true) => Describe(scenario.ResponseBytes.Length),
        (200, false) => "",
        var (status, _) => Describe(new { status }),
    };

    private static async Task<Outcome> TryAsync(PeerKind kind, Scenario scenario)
    {
        using var canned = new CannedHandler(scenario);
        using var recorder = new Recorder(canned);
        var call = scenario.Begin(kind.Create(recorder, new Uri("https://localhost/v2/")));
        try
        {
            await call.ConfigureAwait(false);
            return new Outcome(recorder.Request, scenario.IsRead ? Describe(((dynamic)call).Result) : "");
        }
        catch (Exception error) when (scenario.Status != 200)
        {
            var (status, errors) = ContentOf(error);
            return new Outcome(recorder.Request, Describe(new { status, errors }));
        }
    }

    private static (int Status, object? Errors) ContentOf(Exception error) => error switch
    {
        ChatsApiException it => (it.StatusCode, it.Errors),
        DtoException it => (it.Status, it.Errors),
        Stock.NewtonsoftJson.ApiException<Stock.NewtonsoftJson.ErrorResponse> it => (it.StatusCode, it.Result.Errors),
        Stock.SystemTextJson.ApiException<Stock.SystemTextJson.ErrorResponse> it => (it.StatusCode, it.Result.Errors),
        _ => throw new InvalidOperationException("An error of another type.", error),
    };

    private static string Describe(object value)
    {
        var json = JToken.FromObject(value, _serializer);
        // Stock NSwag returns the whole response, and gives each model a place for unknown members.
        json = json.Type == JTokenType.Object ? json["result"] ?? json : json;
        json.SelectTokens("$..additionalProperties").ToList().ForEach(unknown => unknown.Parent!.Remove());
        return json.ToString(Formatting.None).ToUpperInvariant();
    }

    private sealed record Outcome(string Request, string Result);

    private sealed class Recorder(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public string Request { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // The content keeps these bytes, so that one that can be read only once is still sent.
            var text = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false) : "{}";
            Request = $"{request.Method} {request.RequestUri} {Values(request.Headers, "Api-Key")} {Values(request.Headers, "Accept")} "
                + $"{request.Content?.Headers.ContentType?.MediaType} {JObject.Parse(text).ToString(Formatting.None)}";
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        private static string Values(HttpHeaders headers, string name) =>
            headers.TryGetValues(name, out var values) ? string.Join('|', values) : "none";
    }
}
