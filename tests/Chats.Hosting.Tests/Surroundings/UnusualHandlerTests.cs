using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using static YandexMarket.Chats.Testing.ForeignHandler;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>Handlers and settings of the application that look harmless, and what the client must still keep with them.</summary>
internal sealed class UnusualHandlerTests
{
    private int _texts;

    [TestCase(429)]
    [TestCase(400)]
    public async Task A_status_that_a_handler_makes_up_is_no_reason_to_retry_and_no_proof(int status)
    {
        using var network = Network((_, _) => throw new HttpRequestException("reset"));
        await using var provider = Container.Over(network, client => client.AddBehind(async (request, next, _) =>
        {
            try
            {
                return await next(request);
            }
            catch (HttpRequestException)
            {
                return new HttpResponseMessage((HttpStatusCode)status);
            }
        }));

        var failure = await FailureOfSendAsync(provider.Client());

        Assert.That((_texts, failure.MayHaveBeenSent), Is.EqualTo((1, true)));
    }

    [Test]
    public async Task A_primary_handler_that_is_a_chain_cannot_send_a_text_twice_either()
    {
        using var network = Network((request, attempt) => StubHandler.Response(request, attempt == 0 ? 503 : 420));
        await using var provider = Container.Over(network, client => client.ConfigurePrimaryHttpMessageHandler(() => new ForeignHandler(SendTwice)
        {
            InnerHandler = new ForeignHandler(ReadBody) { InnerHandler = network },
        }));

        var failure = await FailureOfSendAsync(provider.Client());

        Assert.That((_texts, failure.MayHaveBeenSent), Is.EqualTo((1, true)));
    }

    private static readonly Func<IHttpClientBuilder, IHttpClientBuilder>[] _pipelines =
    [
        client => client.ConfigurePrimaryHttpMessageHandler(() => new ForeignHandler(SendTwice) { InnerHandler = ChatsClient.CreateHandler(new ChatsClientOptions { ApiKey = "key" }) }),
        client => client.ConfigurePrimaryHttpMessageHandler(() => new ChatsSendOnceHandler(StubHandler.Responding(200))),
        client => client.ConfigurePrimaryHttpMessageHandler(() => new ChatsSendOnceHandler(new ForeignHandler(SendTwice) { InnerHandler = StubHandler.Responding(200) })),
        client => client.ConfigurePrimaryHttpMessageHandler(() => new ForeignHandler(SendTwice) { InnerHandler = new ChatsSendOnceHandler(StubHandler.Responding(200)) }),
        client => client.AddHttpMessageHandler(() => new ChatsSendOnceHandler()).AddBehind(SendTwice),
        client =>
        {
            client.Services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new RetryingFilter());
            return client;
        },
        client => client,
    ];

    private sealed class RetryingFilter : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => handlers =>
        {
            next(handlers);
            handlers.AdditionalHandlers.Add(new ForeignHandler(SendTwice));
        };
    }

    [Test]
    public async Task A_text_passes_one_guard_and_that_one_is_next_to_the_network([Range(0, 6)] int pipeline)
    {
        await using var provider = Container.Build(services => _pipelines[pipeline](services.AddChatsClient(options => options.ApiKey = "key")));
        var chain = new List<HttpMessageHandler> { provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("YandexMarket.Chats") };
        while (chain[^1] is DelegatingHandler { InnerHandler: { } inner })
        {
            chain.Add(inner);
        }

        var guard = chain.FindIndex(handler => handler is ChatsSendOnceHandler);

        Assert.That(chain.Count(handler => handler is ChatsSendOnceHandler), Is.EqualTo(1));
        Assert.That(chain.Skip(guard + 1), Has.None.InstanceOf<ForeignHandler>());
        Assert.That(chain.Take(guard).Select(handler => handler.GetType().Assembly), Has.None.EqualTo(typeof(ChatsClient).Assembly), "Ours has connections that bypass what is inside.");
    }

    [Test]
    public async Task The_applications_own_guard_refuses_no_text_that_a_handler_has_read()
    {
        using var network = StubHandler.Responding(200);
        await using var provider = Container.Over(network, client => client
            .AddBehind(ReadBody).AddHttpMessageHandler(() => new ChatsSendOnceHandler())
            .ConfigurePrimaryHttpMessageHandler(() => new ChatsSendOnceHandler(network)));

        await provider.Client().SendMessageToChatAsync(1, 2, "text");

        Assert.That(network.Calls, Is.EqualTo(1));
    }

    [TestCase(true, 503)]
    [TestCase(false, 420)]
    public async Task Service_discovery_which_changes_the_address_does_not_turn_retries_off(bool isRead, int first)
    {
        var clock = new ManualClock();
        using var network = StubHandler.Responding(first, 200);
        await using var provider = Container.Over(
            network,
            client => client.AddInFront(async (request, next, _) =>
            {
                var original = request.RequestUri!;
                request.RequestUri = new Uri(original.AbsoluteUri);
                var response = await next(request);
                request.RequestUri = original;
                return response;
            }).ConfigureChatsHosting(options => options.UseQuota = false),
            services => services.AddSingleton<TimeProvider>(clock));

        var failure = await clock.FailureOfAsync(() =>
            isRead ? provider.Client().GetChatMessageAsync(1, 2, 3) : provider.Client().SendMessageToChatAsync(1, 2, "text"));

        Assert.That((failure, network.Calls), Is.EqualTo(((Exception?)null, 2)));
    }

    [Test]
    public async Task In_an_HttpClient_of_the_users_own_our_last_handler_lets_a_text_pass_once([Values] bool copies)
    {
        using var network = Network((request, _) => StubHandler.Response(request, 500));
        var guard = new ChatsSendOnceHandler(network);
        using var http = new HttpClient(new ForeignHandler(SendTwice)
        {
            InnerHandler = copies ? new ForeignHandler(ReadBody) { InnerHandler = guard } : guard,
        });
        using var client = new ChatsClient(http, new ChatsClientOptions { ApiKey = "key" });

        var failure = await FailureOfSendAsync(client);

        Assert.That((_texts, failure.MayHaveBeenSent), Is.EqualTo((1, true)));
        Assert.That(failure.Message, Does.Contain("tried to send the message a second time"));
    }

    private static async Task<ChatsException> FailureOfSendAsync(IChatsClient client) =>
        (await Assert.CatchAsync<ChatsException>(() => client.SendMessageToChatAsync(1, 2, "text")))!;

    private StubHandler Network(Func<HttpRequestMessage, int, HttpResponseMessage> respond) => new(async (request, attempt, token) =>
    {
        await request.Content!.ReadAsStringAsync(token);
        _texts++;
        return respond(request, attempt);
    });
}
