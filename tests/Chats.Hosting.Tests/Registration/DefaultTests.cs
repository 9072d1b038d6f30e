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
    public async Task A_default_logger_that_is_added_again_shows_no_key_and_no_text()
    {
        using var logs = new FakeLoggerProvider();
        using var network = StubHandler.Responding(200);
        await using var provider = Container.Over(network, client => client.AddDefaultLogger(), services => services.LogTo(logs), key: "KEYCANARY");

        await provider.Client().SendMessageToChatAsync(1, 2, "TEXTCANARY");

        // The texts: .NET does not redact the values that an entry has beside its text.
        var texts = logs.Collector.GetSnapshot().Select(entry => entry.Message).ToArray();
        Assert.That(texts, Has.Some.Contains("Api-Key"), "The headers are logged.");
        Assert.That(texts, Has.None.Contains("KEYCANARY").And.None.Contains("TEXTCANARY"));
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
