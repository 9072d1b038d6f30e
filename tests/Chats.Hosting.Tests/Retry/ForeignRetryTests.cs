using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>
/// Retry handlers of others around ours, as templates of services put them into every HttpClient. They retry sends, too: the buyer must get
/// the text once all the same. More of them are in the surroundings.
/// </summary>
internal sealed class ForeignRetryTests
{
    private readonly List<string> _taken = [];

    [Test]
    public async Task The_standard_one_inside_ours() =>
        await CheckAsync(services =>
        {
            var http = services.AddChatsClient(options => options.ApiKey = "key");
            http.AddStandardResilienceHandler(options => (options.Retry.Delay, options.Retry.UseJitter) = (TimeSpan.FromMilliseconds(1), false));
            return http;
        });

    [Test]
    public async Task The_hedging_one_which_sends_copies_of_a_request() =>
        await CheckAsync(services =>
        {
            var http = services.AddChatsClient(options => options.ApiKey = "key");
            http.AddStandardHedgingHandler().Configure(options => options.Hedging.Delay = TimeSpan.FromMilliseconds(1));
            return http;
        });

    [TestCase(true)]
    [TestCase(false)]
    public async Task One_beside_a_handler_that_reads_the_text(bool outside) =>
        await CheckAsync(services => services
            .AddChatsClient(options => options.ApiKey = "key")
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Insert(outside ? 0 : 1, new Retrier()))
            .AddHttpMessageHandler(() => new BodyReaderTests.Reader()));

    [TestCase(true)]
    [TestCase(false)]
    public async Task In_an_HttpClient_of_the_users_own_our_last_handler_lets_a_text_pass_once(bool copies)
    {
        using var service = Service();
        var handler = new ChatsSendOnceHandler(service);
        using var http = new HttpClient(new Retrier { InnerHandler = copies ? new BodyReaderTests.Reader { InnerHandler = handler } : handler });
        using var client = new ChatsClient(http, new ChatsClientOptions { ApiKey = "key" });

        await TakesTheTextOnceAsync(client);
    }

    private async Task CheckAsync(Func<IServiceCollection, IHttpClientBuilder> add)
    {
        using var service = Service();
        await using var provider = RegistrationTests.Build(services =>
        {
            services.AddLogging();
            add(services).ConfigurePrimaryHttpMessageHandler(() => service);
        });

        await TakesTheTextOnceAsync(provider.GetRequiredService<IChatsClient>());
    }

    private StubHandler Service() => new(async (request, token) =>
    {
        _taken.Add(await request.Content!.ReadAsStringAsync(token));
        return StubHandler.Response(request, 500);
    });

    private async Task TakesTheTextOnceAsync(IChatsClient client)
    {
        var thrown = await Assert.CatchAsync<ChatsException>(() => client.SendMessageToChatAsync(1, 2, "text"));

        Assert.That(_taken, Is.EqualTo(["""{"message":"text"}"""]));
        Assert.That(thrown!.MayHaveBeenSent, Is.True);
        Assert.That(thrown.Message, Does.Contain("a second time").Or.Contain("500"));
    }

    private sealed class Retrier : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var first = await base.SendAsync(request, cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
