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

#pragma warning disable RS0026 // A string and a function cannot be confused, so no call is ambiguous.

/// <summary>Shares the service's rate limits and the handled notifications among machines.</summary>
public static class ChatsRedisExtensions
{
    /// <summary>
    /// Shares the rate limits of all registered clients through Redis, instead of limiting this process alone. The connection is opened with the
    /// first call and reconnects automatically; the host starts even without Redis.
    /// </summary>
    /// <remarks>
    /// It applies to all clients of the container; the last call of this method replaces earlier ones. If <c>UseQuota</c> is false or
    /// <c>MaxQuotaWait</c> is zero for one of the clients, the host does not start. Quotas and permits follow the clock of Redis; commands, renewals
    /// and questions to Redis are timed by the machine. The registered <see cref="TimeProvider"/> is used only for <c>MaxQuotaWait</c> and for
    /// <see cref="ChatsRedisFallback.Local"/>.
    /// </remarks>
    /// <param name="builder">The result of <c>AddChatsClient</c>.</param>
    /// <param name="configuration">For example <c>redis:6379,password=…</c>; separate several endpoints of a cluster with commas.</param>
    /// <param name="configure">Changes the options. Default: none.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="ArgumentException">The configuration or an option is not valid, or the builder is not that of a client registered with
    /// <c>AddChatsClient</c>.</exception>
    public static IHttpClientBuilder UseRedisLimits(
        this IHttpClientBuilder builder, string configuration, Action<ChatsRedisOptions>? configure = null)
    {
        var connection = RedisConnection.Parse(configuration);
        return AddLimits(builder, (_, options) => new RedisConnection(connection, options.CommandTimeout), configure);
    }

    /// <summary>Shares the rate limits of all registered clients through Redis, over the application's connection, which this package does not
    /// close.</summary>
    /// <inheritdoc cref="UseRedisLimits(IHttpClientBuilder, string, Action{ChatsRedisOptions})" path="/remarks"/>
    /// <param name="builder">The result of <c>AddChatsClient</c>.</param>
    /// <param name="connection">
    /// Returns the connection, for example from the container. Called with the first call, on another thread; if it throws, Redis is unavailable, and
    /// it is called again later. It is also called again if the connection was disposed, or leads to a Redis that rejects writes.
    /// </param>
    /// <param name="configure">Changes the options. Default: none.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="connection"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is not valid, or the builder is not that of a client registered with
    /// <c>AddChatsClient</c>.</exception>
    public static IHttpClientBuilder UseRedisLimits(
        this IHttpClientBuilder builder, Func<IServiceProvider, IConnectionMultiplexer> connection, Action<ChatsRedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return AddLimits(builder, (services, _) => new RedisConnection(() => connection(services)), configure);
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
        var connection = RedisConnection.Parse(configuration);
        return AddDuplicates(services, (_, options) => new RedisConnection(connection, options.CommandTimeout), configure);
    }

    /// <summary>Drops notifications that any machine has already handled, over the application's connection, which this package does not
    /// close.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connection">
    /// Returns the connection, for example from the container. Called with the first notification, on another thread; if it throws, Redis is
    /// unavailable, and it is called again later. It is also called again if the connection was disposed, or leads to a Redis that rejects writes.
    /// </param>
    /// <param name="configure">Changes the options. Default: none.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="connection"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    public static IServiceCollection UseRedisDuplicates(
        this IServiceCollection services, Func<IServiceProvider, IConnectionMultiplexer> connection, Action<ChatsRedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return AddDuplicates(services, (provider, _) => new RedisConnection(() => connection(provider)), configure);
    }

    private static IHttpClientBuilder AddLimits(
        IHttpClientBuilder builder, Func<IServiceProvider, ChatsRedisOptions, RedisConnection> connect, Action<ChatsRedisOptions>? configure)
    {
        builder.ConfigureChatsHosting(static _ => { }); // It rejects any other builder.
        var options = ChatsRedisOptions.Create(configure);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ChatsHostingOptions>, HostingOptionsValidator>());
        builder.Services.Replace(ServiceDescriptor.Singleton<PartitionedRateLimiter<ChatsCall>>(services => new RedisLimiter(
            Store(services, connect, options), options, RedisTimes.OfService, services.GetService<TimeProvider>() ?? TimeProvider.System)));
        return builder;
    }

    private static IServiceCollection AddDuplicates(
        IServiceCollection services, Func<IServiceProvider, ChatsRedisOptions, RedisConnection> connect, Action<ChatsRedisOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = ChatsRedisOptions.Create(configure);
        return services.Replace(ServiceDescriptor.Singleton<IChatsNotificationDuplicates>(provider =>
            new RedisDuplicates(Store(provider, connect, options), options)));
    }

    private static RedisStore Store(
        IServiceProvider services, Func<IServiceProvider, ChatsRedisOptions, RedisConnection> connect, ChatsRedisOptions options) => new(
        connect(services, options), options, (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("YandexMarket.Chats.Redis"));

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
