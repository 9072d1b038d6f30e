using System.Globalization;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace YandexMarket.Chats.Tests;

/// <summary>
/// A server on a free port of this machine that gives the responses a test sets, whatever the request. Socket faults and exact bytes need
/// a raw socket instead.
/// </summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WireMockServer _server;

    private StubServer(WireMockServer server)
    {
        _server = server;
        BaseAddress = new Uri(server.Urls[0].TrimEnd('/') + "/");
    }

    /// <summary>Where it listens, with a trailing slash and no API version.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The requests since the last <see cref="Answer"/>, in order.</summary>
    public IReadOnlyList<StubRequest> Requests =>
        [.. _server.LogEntries.Select(entry => entry.RequestMessage).OfType<IRequestMessage>().Select(Recorded)];

    // WireMock.Net starts and stops synchronously.
    public static Task<StubServer> StartAsync() => Task.Run<StubServer>(() => new StubServer(WireMockServer.Start()));

    /// <summary>Clears the recorded requests and replaces the responses. They are used in order; the last one is used from then on.</summary>
    public void Answer(params IReadOnlyList<StubAnswer> answers)
    {
        _server.Reset();
        for (var i = 0; i < answers.Count; i++)
        {
            var mapping = _server.Given(Request.Create().WithPath("/*").UsingAnyMethod());
            if (answers.Count > 1)
            {
                // A scenario goes from state to state, and starts in none. The last one leads to itself: without a next state it would
                // start again.
                mapping = mapping.InScenario("answers").WillSetStateTo(State(Math.Min(i + 1, answers.Count - 1)));
                mapping = i > 0 ? mapping.WhenStateIs(State(i)) : mapping;
            }

            mapping.RespondWith(ResponseOf(answers[i]));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Run(_server.Stop);
        _server.Dispose();
    }

    private static IResponseBuilder ResponseOf(StubAnswer answer)
    {
        var response = Response.Create().WithStatusCode(answer.Status);
        foreach (var header in answer.Headers.GroupBy(header => header.Key, header => header.Value))
        {
            response = response.WithHeader(header.Key, [.. header]);
        }

        return answer.Body.Length > 0 ? response.WithBody(answer.Body) : response;
    }

    private static StubRequest Recorded(IRequestMessage message) => new(
        message.Method,
        new Uri(message.AbsoluteUrl).PathAndQuery,
        StubRequest.HeadersOf((message.Headers ?? throw new InvalidOperationException("A request without headers."))
            .Select(header => KeyValuePair.Create(header.Key, header.Value.AsEnumerable()))),
        message.BodyAsBytes ?? []);

    private static string State(int state) => state.ToString(CultureInfo.InvariantCulture);
}
