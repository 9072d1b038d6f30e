using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using YandexMarket.Chats.AspNetCore;
using YandexMarket.Chats.Hosting;

namespace YandexMarket.Chats.Redis;

#pragma warning disable RS0026 // A string and a connection cannot be confused, so no call is ambiguous.

/// <summary>Shares the service's rate limits and the handled notifications among machines.</summary>
public static class ChatsRedisExtensions
{
    /// <summary>
    /// Shares the rate limits of all registered clients through Redis, instead of limiting this process alone. The connection is opened with the
    /// first call and reconnects automatically; the host starts even without Redis.
    /// </summary>
    /// <param name="builder">The result of <c>AddChatsClient</c>.</param>
    /// <param name="configuration">For example <c>redis:6379,password=…</c>; separate several endpoints of a cluster with commas.</param>
    /// <param name="configure">Changes the options. Default: none.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="ArgumentException">The configuration or an option is not valid.</exception>
    public static IHttpClientBuilder UseRedisLimits(
        this IHttpClientBuilder builder, string configuration, Action<ChatsRedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var connection = RedisConnection.Parse(configuration);
        return AddLimits(builder, () => new RedisConnection(connection), configure);
    }

    /// <summary>Shares the rate limits of all registered clients through Redis, over the application's connection, which this package does not
    /// close.</summary>
    /// <param name="builder">The result of <c>AddChatsClient</c>.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="configure">Changes the options. Default: none.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    public static IHttpClientBuilder UseRedisLimits(
        this IHttpClientBuilder builder, IConnectionMultiplexer connection, Action<ChatsRedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(connection);
        return AddLimits(builder, () => new RedisConnection(connection), configure);
    }

    /// <summary>
    /// Drops notifications that any machine has already handled, for applications that use <c>AddChatsNotifications</c>. The responder does not need
    /// this, because its database recognizes duplicates.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">For example <c>redis:6379,password=…</c>.</param>
    /// <param name="configure">Changes the options. Default: none.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentException">The configuration or an option is not valid.</exception>
    public static IServiceCollection UseRedisDuplicates(
        this IServiceCollection services, string configuration, Action<ChatsRedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var connection = RedisConnection.Parse(configuration);
        return AddDuplicates(services, () => new RedisConnection(connection), configure);
    }

    /// <summary>Drops notifications that any machine has already handled, over the application's connection, which this package does not
    /// close.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="configure">Changes the options. Default: none.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    public static IServiceCollection UseRedisDuplicates(
        this IServiceCollection services, IConnectionMultiplexer connection, Action<ChatsRedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(connection);
        return AddDuplicates(services, () => new RedisConnection(connection), configure);
    }

    private static IHttpClientBuilder AddLimits(IHttpClientBuilder builder, Func<RedisConnection> connect, Action<ChatsRedisOptions>? configure)
    {
        var options = ChatsRedisOptions.Create(configure);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ChatsHostingOptions>, HostingOptionsValidator>());
        builder.Services.Replace(ServiceDescriptor.Singleton<PartitionedRateLimiter<ChatsCall>>(services => new RedisLimiter(
            Store(services, connect, options), options, RedisTimes.OfService, services.GetService<TimeProvider>() ?? TimeProvider.System)));
        return builder;
    }

    private static IServiceCollection AddDuplicates(IServiceCollection services, Func<RedisConnection> connect, Action<ChatsRedisOptions>? configure)
    {
        var options = ChatsRedisOptions.Create(configure);
        return services.Replace(ServiceDescriptor.Singleton<IChatsNotificationDuplicates>(provider =>
            new RedisDuplicates(Store(provider, connect, options), options)));
    }

    private static RedisStore Store(IServiceProvider services, Func<RedisConnection> connect, ChatsRedisOptions options) => new(
        connect(), options, (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("YandexMarket.Chats.Redis"));

    private sealed class HostingOptionsValidator : IValidateOptions<ChatsHostingOptions>
    {
        public ValidateOptionsResult Validate(string? name, ChatsHostingOptions options) =>
            !options.UseQuota ? ValidateOptionsResult.Fail(
                "UseQuota is false, so no call would ask Redis for a permit: leave it true, or remove UseRedisLimits.")
            : options.MaxQuotaWait <= TimeSpan.Zero ? ValidateOptionsResult.Fail(
                "MaxQuotaWait is zero, but Redis needs time to respond: leave the default, 00:00:05, or remove UseRedisLimits.")
            : ValidateOptionsResult.Success;
    }
}
