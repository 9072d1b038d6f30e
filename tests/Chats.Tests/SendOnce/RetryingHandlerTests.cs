using System.Net;

namespace YandexMarket.Chats.Tests.SendOnce;

/// <summary>
/// A borrowed HttpClient with a retry handler, as many applications have one for all they call. It means well, and would send the buyer
/// the text again: the request gives it no text to send.
/// </summary>
public class RetryingHandlerTests
{
    private const string Unavailable = "HTTP/1.1 503 A\r\nContent-Length: 0\r\n\r\n";
    private const string Limited = "HTTP/1.1 420 A\r\nContent-Length: 0\r\n\r\n";

    [TestCase(Unavailable)]
    [TestCase(Limited)]
    [TestCase(null)]
    public async Task A_send_that_it_repeats_reaches_the_service_once(string? answer)
    {
        await using var server = Serving(answer);
        using var http = Repeating();
        using var client = new ChatsClient(http, new ChatsClientOptions { ApiKey = Canary.Key, BaseAddress = server.Address });

        var failure = await Calls.FailureOfSendAsync(client);

        Assert.That(failure, Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True.And.Property("IsTimeout").False);
        Assert.That(failure!.Message, Does.Contain("a second time").And.Contain("Let handlers retry reads only"));
        Assert.That(Canary.PlacesIn(failure), Is.Empty);
        Assert.That(server.Record.Texts, Is.EqualTo([Canary.Text]));
        Assert.That(server.Record.Heads, Has.Count.EqualTo(1));
    }

    [TestCase(Unavailable)]
    [TestCase(Limited)]
    public async Task A_read_it_repeats_as_it_likes(string answer)
    {
        await using var server = Serving(answer);
        using var http = Repeating();
        using var client = new ChatsClient(http, new ChatsClientOptions { ApiKey = Canary.Key, BaseAddress = server.Address });

        Assert.That(await Calls.FailureOfReadAsync(client), Is.InstanceOf<ChatsApiException>());
        Assert.That(server.Record.Heads, Has.Count.EqualTo(Repeats.Attempts));
    }

    [Test]
    public async Task A_send_that_never_left_it_may_repeat()
    {
        var attempts = 0;
        var sent = "";
        var network = new StubHandler(async (request, cancellationToken) =>
        {
            if (++attempts < Repeats.Attempts)
            {
                throw new HttpRequestException("no route");
            }

            sent = await request.Content!.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Calls.Good) };
        });
        using var http = new HttpClient(new Repeats { InnerHandler = network });
        using var client = new ChatsClient(http, Calls.Options());

        await client.SendMessageToChatAsync(1, 2, Canary.Text);

        Assert.That((attempts, sent), Is.EqualTo((Repeats.Attempts, $$"""{"message":"{{Canary.Text}}"}""")));
    }

    [Test]
    public async Task An_answer_that_it_already_has_stands_whatever_it_tried_after()
    {
        var network = new StubHandler(async (request, cancellationToken) =>
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            await Calls.FailureOfAsync(() => request.Content.CopyToAsync(Stream.Null, cancellationToken));
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Calls.Good) };
        });
        using var http = new HttpClient(network);
        using var client = new ChatsClient(http, Calls.Options());

        Assert.That(await Calls.FailureOfSendAsync(client), Is.Null);
    }

    /// <summary>Reads a request and gives the answer; without one, it resets the connection.</summary>
    private static RawServer Serving(string? answer) => new(async connection =>
    {
        while (await connection.ReadRequestAsync())
        {
            if (answer is null)
            {
                connection.Reset();
                return;
            }

            await connection.SendAsync(answer);
        }
    });

    private static HttpClient Repeating() =>
        new(new Repeats { InnerHandler = new SocketsHttpHandler { ActivityHeadersPropagator = null } });

    /// <summary>Repeats whatever has failed, without a question.</summary>
    private sealed class Repeats : DelegatingHandler
    {
        public const int Attempts = 3;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    var response = await base.SendAsync(request, cancellationToken);
                    if (response.IsSuccessStatusCode || attempt == Attempts)
                    {
                        return response;
                    }

                    response.Dispose();
                }
                catch (HttpRequestException) when (attempt < Attempts)
                {
                    // Again.
                }
            }
        }
    }
}
