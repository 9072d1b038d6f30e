using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>What the registration sets for the HttpClient of a client.</summary>
internal sealed class DefaultTests
{
    [Test]
    public void The_HttpClient_has_no_timeout_of_its_own()
    {
        using var provider = RegistrationTests.Build(services => services.AddChatsClient(options => options.ApiKey = "key"));

        using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("YandexMarket.Chats");

        Assert.That(http.Timeout, Is.EqualTo(Timeout.InfiniteTimeSpan));
    }

    [Test]
    public async Task A_default_logger_that_is_added_again_shows_no_key_and_no_text()
    {
        using var logs = new LogCollector();
        await using var provider = RegistrationTests.Build(services =>
        {
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
            services.AddChatsClient(options => options.ApiKey = "KEYCANARY").AddDefaultLogger()
                .ConfigurePrimaryHttpMessageHandler(() => StubHandler.Responding(200));
        });

        await provider.GetRequiredService<IChatsClient>().SendMessageToChatAsync(1, 2, "TEXTCANARY");

        Assert.That(logs.Lines, Has.Some.Contains("Api-Key"), "The headers are logged.");
        Assert.That(logs.Lines, Has.None.Contains("KEYCANARY").And.None.Contains("TEXTCANARY"));
    }

    [Test]
    public async Task A_primary_handler_that_was_used_before_and_follows_redirects_is_rejected()
    {
        var shared = new HttpClientHandler { UseProxy = false };
        using var http = new HttpClient(shared, disposeHandler: false);
        await http.GetAsync(new Uri("http://127.0.0.1:1/")).ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
        await using var provider = RegistrationTests.Build(services =>
            services.AddChatsClient(options => options.ApiKey = "key").ConfigurePrimaryHttpMessageHandler(() => shared));

        Assert.That(provider.GetRequiredService<IChatsClient>, Throws.InvalidOperationException.With.Message.Contains("AllowAutoRedirect = false"));
    }
}
