using System.ComponentModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using YandexMarket.Chats.AspNetCore;

namespace YandexMarket.Chats.Redis.Tests;

/// <summary>The examples and the table of docs/scaling.md, and wrong settings.</summary>
public sealed class PageTests
{
    private const string Redis = "127.0.0.1:1";

    [Test]
    public void The_limiter_and_the_store_of_duplicates_are_those_of_Redis_in_a_container_that_can_be_disposed_synchronously()
    {
        var services = new ServiceCollection();
        // docs/scaling: Rate limits
        services.AddChatsClient(options => options.ApiKey = "key")
            .UseRedisLimits("redis:6379,password=secret");
        // end
        // docs/scaling: When Redis is unavailable
        services.AddChatsClient(options => options.ApiKey = "key")
            .UseRedisLimits("redis:6379", options =>
            {
                options.WhenUnavailable = ChatsRedisFallback.Local;
                options.ExpectedReplicas = 4;
            });
        // end
        // docs/scaling: Notifications
        services.AddChatsNotifications<SupportDesk>()
            .UseRedisDuplicates("redis:6379");
        // end
        var provider = services.BuildServiceProvider();

        Assert.That(provider.GetServices<PartitionedRateLimiter<ChatsCall>>().Single(), Is.InstanceOf<RedisLimiter>().And.InstanceOf<IChatsQuotaFeedback>());
        Assert.That(provider.GetRequiredService<IChatsNotificationDuplicates>(), Is.InstanceOf<RedisDuplicates>());
        Assert.That(provider.Dispose, Throws.Nothing);
    }

    [Test]
    public async Task The_health_check_reports_only_the_key()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddChatsClient(options => options.ApiKey = "key").UseRedisLimits(Redis);
        services.AddHealthChecks().AddChatsClient();
        await using var provider = services.BuildServiceProvider();
        var entry = (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries.Single().Value;

        Assert.That((entry.Status, entry.Description, entry.Data.Count), Is.EqualTo((HealthStatus.Healthy, "The key is well-formed.", 0)));
    }

    [TestCase("Chats:UseQuota", "false", "UseQuota is false")]
    [TestCase("Chats:MaxQuotaWait", "00:00:00", "Redis needs time to respond")]
    public void Settings_that_bypass_the_limits_in_Redis_are_rejected(string setting, string value, string reason)
    {
        var services = new ServiceCollection();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Chats:ApiKey", "key"), new(setting, value)]).Build();
        services.AddChatsClient(configuration.GetSection("Chats")).UseRedisLimits(Redis);
        using var provider = services.BuildServiceProvider();

        Assert.That(
            () => provider.GetRequiredService<IOptionsMonitor<ChatsHostingOptions>>().CurrentValue,
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains(reason));
    }

    [Test]
    public void The_options_and_their_defaults() => OptionTable.Check("docs/scaling.md", new ChatsRedisOptions());

    [TestCase("KeyPrefix", "")]
    [TestCase("KeyPrefix", "{chats}")]
    [TestCase("LeaseDuration", "00:00:00.9")]
    [TestCase("LeaseDuration", "00:10:01")]
    [TestCase("CommandTimeout", "00:00:00.009")]
    [TestCase("CommandTimeout", "00:01:01")]
    [TestCase("WhenUnavailable", "7")]
    [TestCase("ExpectedReplicas", "0")]
    [TestCase("DuplicateWindow", "00:00:59")]
    [TestCase("DuplicateWindow", "30.00:00:01")]
    public void A_wrong_option_is_named(string option, string value)
    {
        var builder = new ServiceCollection().AddChatsClient(options => options.ApiKey = "key");
        var property = typeof(ChatsRedisOptions).GetProperty(option)!;
        var wrong = TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(value);
        void Set(ChatsRedisOptions options) => property.SetValue(options, wrong);

        Assert.That(Assert.Throws<ArgumentException>(() => builder.UseRedisLimits(Redis, Set))!.Message, Does.StartWith($"ChatsRedisOptions.{option} must"));
        Assert.That(Assert.Throws<ArgumentException>(() => builder.Services.UseRedisDuplicates(Redis, Set))!.Message, Does.StartWith($"ChatsRedisOptions.{option} must"));
    }

    [Test]
    public void A_wrong_configuration_connection_or_builder_is_rejected()
    {
        var services = new ServiceCollection();
        Assert.Throws<ArgumentException>(() => services.AddHttpClient("other").UseRedisLimits(Redis));
        Assert.That(services.Select(service => service.ServiceType), Has.No.Member(typeof(PartitionedRateLimiter<ChatsCall>)));

        var builder = services.AddChatsClient(options => options.ApiKey = "key");
        Assert.Throws<ArgumentException>(() => builder.UseRedisLimits(""));
        Assert.Throws<ArgumentException>(() => builder.UseRedisLimits("password=secret"));
        Assert.That(() => builder.UseRedisLimits("redis://:secret@redis:6379"), Throws.ArgumentException.With.Message.Contains("a URL: write redis:6379").And.Message.Not.Contains("secret"));
        Assert.That(() => services.UseRedisDuplicates("REDISS://redis:6380"), Throws.ArgumentException.With.Message.Contains("ssl=true"));
        Assert.Throws<ArgumentNullException>(() => builder.UseRedisLimits((Func<IServiceProvider, IConnectionMultiplexer>)null!));
        Assert.Throws<ArgumentNullException>(() => services.UseRedisDuplicates((Func<IServiceProvider, IConnectionMultiplexer>)null!));
        Assert.Throws<ArgumentNullException>(() => ((IHttpClientBuilder)null!).UseRedisLimits(Redis));
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).UseRedisDuplicates(Redis));
    }

    private sealed class SupportDesk : IChatsNotificationHandler;
}
