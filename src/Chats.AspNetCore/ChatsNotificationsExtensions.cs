using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace YandexMarket.Chats.AspNetCore;

/// <summary>Registers and maps the receiver of notifications.</summary>
public static class ChatsNotificationsExtensions
{
    /// <summary>
    /// Registers a handler of notifications. With several, each notification goes to all of them, one after the other; if one throws, all
    /// of them get the notification again.
    /// </summary>
    /// <typeparam name="THandler">The handler: scoped, unless it is registered already.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options, on top of what was set before; null for none.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddChatsNotifications<THandler>(
        this IServiceCollection services, Action<ChatsNotificationOptions>? configure = null)
        where THandler : class, IChatsNotificationHandler
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<ChatsNotificationOptions>().ValidateOnStart()
            .Validate(it => IsName(it.Name) && IsName(it.Version), "Name and Version: they must have 1 to 100 characters, or be null.");
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddScoped<THandler>();
        services.TryAddEnumerable(ServiceDescriptor.Scoped<IChatsNotificationHandler, THandler>(provider => provider.GetRequiredService<THandler>()));
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<NotificationMetrics>();
        services.TryAddSingleton<NotificationEndpoint>();
        return services;
    }

    /// <summary>
    /// Maps the endpoint that takes notifications: a POST. Map it to several patterns if the service may call any of them; they drop each
    /// other's duplicates.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path, as a route pattern. Default: <c>/notification</c>, which the vendor's contract names.</param>
    /// <returns>The builder of the endpoint, for hosts, rate limits and the like.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException"><c>AddChatsNotifications</c> was not called.</exception>
    public static IEndpointConventionBuilder MapChatsNotifications(this IEndpointRouteBuilder endpoints, string pattern = "/notification")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var endpoint = endpoints.ServiceProvider.GetService<NotificationEndpoint>()
            ?? throw new InvalidOperationException("There is no handler: call services.AddChatsNotifications<THandler>() first.");
        return endpoints.MapPost(pattern, endpoint.InvokeAsync);
    }

    private static bool IsName(string? name) => name is null or { Length: > 0 and <= 100 };
}
