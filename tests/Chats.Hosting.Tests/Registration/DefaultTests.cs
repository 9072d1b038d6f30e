using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>What the registration sets for the HttpClient of a client.</summary>
internal sealed class DefaultTests
{
    [Test]
    public void The_HttpClient_has_no_timeout_of_its_own()
    {
        using var provider = Container.Build(services => services.AddChatsClient(options => options.ApiKey = "key"));

        using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("YandexMarket.Chats");

        Assert.That(http.Timeout, Is.EqualTo(Timeout.InfiniteTimeSpan));
    }

    [Test]
    public async Task A_default_logger_that_is_added_again_logs_nothing_of_a_call()
    {
        using var logs = new FakeLoggerProvider();
        using var network = StubHandler.Responding(200);
        await using var provider = Container.Over(
            network,
            client => client.AddDefaultLogger(),
            services =>
            {
                services.LogTo(logs);
                services.AddHttpClient("other").ConfigurePrimaryHttpMessageHandler(() => network);
                services.ConfigureHttpClientDefaults(http => http.AddDefaultLogger());
            },
            key: "KEYCANARY");

        await provider.Client().SendMessageToChatAsync(1, 2, "TEXTCANARY");
        var ours = logs.Collector.GetSnapshot(clear: true);
        using var other = provider.GetRequiredService<IHttpClientFactory>().CreateClient("other");
        await other.GetAsync(new Uri("https://service.example/"));

        Assert.That(ours.Select(entry => entry.Category), Has.None.StartsWith("System.Net.Http"));
        Assert.That(logs.Collector.GetSnapshot().Select(entry => entry.Category), Has.Some.StartsWith("System.Net.Http.HttpClient.other"));
    }

    [Test]
    public async Task A_primary_handler_that_was_used_before_and_follows_redirects_is_rejected()
    {
        var shared = new HttpClientHandler { UseProxy = false };
        using var http = new HttpClient(shared, disposeHandler: false);
        await http.GetAsync(new Uri("http://127.0.0.1:1/")).ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
        await using var provider = Container.Over(shared);

        Assert.That(() => provider.Client(), Throws.InvalidOperationException.With.Message.Contains("AllowAutoRedirect = false"));
    }
}
