using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using YandexMarket.Chats.AspNetCore;
using YandexMarket.Chats.Hosting;

namespace YandexMarket.Chats.Redis;

#pragma warning disable RS0026 // A connection and its description are never mistaken for each other, so no call is ambiguous.

/// <summary>Lets all machines share one count of the service's limits, and one memory of the notifications.</summary>
public static class ChatsRedisExtensions
{
    /// <summary>
    /// Keeps the limits of all registered clients in Redis, in place of the limits of this process. The connection is made with the first call
    /// and made again by itself; the host starts without Redis as well.
    /// </summary>
    /// <param name="builder">What <c>AddChatsClient</c> returned.</param>
    /// <param name="configuration">Such as <c>redis:6379,password=…</c>; several end points of a cluster are separated by commas.</param>
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

    /// <summary>Keeps the limits of all registered clients in Redis, over a connection of the application, which stays open.</summary>
    /// <param name="builder">What <c>AddChatsClient</c> returned.</param>
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
    /// Drops the notifications that any machine has handled: for those who receive them with <c>AddChatsNotifications</c>. The Responder does not
    /// need it, because its database drops them.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Such as <c>redis:6379,password=…</c>.</param>
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

    /// <summary>Drops the notifications that any machine has handled, over a connection of the application, which stays open.</summary>
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
        connect(),
        options.CommandTimeout,
        new RedisLog((services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("YandexMarket.Chats.Redis"), options.WhenUnavailable));
}
