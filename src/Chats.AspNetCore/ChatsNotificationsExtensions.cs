using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.AspNetCore;

/// <summary>Registers and maps the receiver of notifications.</summary>
public static class ChatsNotificationsExtensions
{
    /// <summary>
    /// Registers a handler of notifications. If there are several, each notification goes to all of them, one after the other; if one throws,
    /// all of them receive it again when the service retries.
    /// </summary>
    /// <typeparam name="THandler">The handler: scoped, unless it is registered already.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options. Default: none.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
#pragma warning disable RS0027 // The type of the second argument tells the overloads apart, and later overloads can add parameters.
    public static IServiceCollection AddChatsNotifications<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
#pragma warning restore RS0027
        this IServiceCollection services, Action<ChatsNotificationOptions>? configure = null)
        where THandler : class, IChatsNotificationHandler
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<ChatsNotificationOptions>().ValidateOnStart()
            .Validate(it => IsName(it.Name) && IsName(it.Version), "Name and Version must have 1 to 100 characters, or be null.")
            .Validate(
                it => it.SenderNetworks.All(IsNetwork),
                "SenderNetworks must be in CIDR notation, such as 5.45.207.0/25 or 10.0.0.7/32: IPv4 as four decimal numbers without leading zeros, not mapped to IPv6.")
            .Validate(it => it.Businesses.All(business => business > 0), "Businesses must be the ids of business accounts, which are above zero.");
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddScoped<THandler>();
        services.TryAddEnumerable(ServiceDescriptor.Scoped<IChatsNotificationHandler, ForwardingHandler<THandler>>());
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<NotificationMetrics>();
        services.TryAddSingleton<NotificationEndpoint>();
        return services;
    }

    /// <summary>Registers a handler of notifications, like the other overload, with the options of a configuration section.</summary>
    /// <typeparam name="THandler">The handler: scoped, unless it is registered already.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="section">The section. An unknown name or a malformed value in it prevents the start of the host; sub-sections are ignored.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IServiceCollection AddChatsNotifications<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        this IServiceCollection services, IConfigurationSection section)
        where THandler : class, IChatsNotificationHandler
    {
        ArgumentNullException.ThrowIfNull(section);
        var properties = typeof(ChatsNotificationOptions).GetProperties();
        return services.AddChatsNotifications<THandler>(options =>
        {
            SectionErrors.ThrowIfAny<ChatsNotificationOptions>(
                Options.DefaultName, SectionErrors.FindUnknown(section, properties), SectionErrors.FindMalformed(section, properties));
            section.Bind(options);
        });
    }

    /// <summary>
    /// Maps the endpoint that receives notifications, with POST. If the service may call several paths, map each of them; duplicates are
    /// recognized across paths.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path, as a route pattern. Default: <c>/notification</c>, as in the vendor's contract.</param>
    /// <returns>The builder of the endpoint, for further conventions.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException"><c>AddChatsNotifications</c> was not called.</exception>
    public static IEndpointConventionBuilder MapChatsNotifications(this IEndpointRouteBuilder endpoints, string pattern = "/notification")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var endpoint = endpoints.ServiceProvider.GetService<NotificationEndpoint>()
            ?? throw new InvalidOperationException("There is no handler: call services.AddChatsNotifications<THandler>() first.");
        return endpoints.MapPost(pattern, endpoint.InvokeAsync).WithMetadata(new NoErrorPage());
    }

    private static bool IsName(string? name) => name is null or { Length: > 0 and <= 100 };

    /// <summary>The parser also accepts IPv4 addresses in octal and short forms, which mean something else than they seem to.</summary>
    private static bool IsNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) && !network.BaseAddress.IsIPv4MappedToIPv6 &&
        (network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 || network.ToString() == text);

    /// <summary>
    /// Keeps the application's status code pages away: a Razor page rejects a POST without an antiforgery token with a 400, and instead of a 403 or
    /// 503, after which the service sends the notification again, a 400 would be final.
    /// </summary>
    private sealed class NoErrorPage : ISkipStatusCodePagesMetadata;

    /// <summary>
    /// Forwards to the handler in the container. A scoped factory that returned the handler itself would make each scope dispose it, even a singleton.
    /// </summary>
    private sealed class ForwardingHandler<THandler>(THandler handler) : IChatsNotificationHandler
        where THandler : class, IChatsNotificationHandler
    {
        public Task OnChatCreatedAsync(ChatCreatedNotification notification, CancellationToken cancellationToken) =>
            handler.OnChatCreatedAsync(notification, cancellationToken);

        public Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken) =>
            handler.OnChatMessageSentAsync(notification, cancellationToken);

        public Task OnChatArbitrageStartedAsync(ChatArbitrageStartedNotification notification, CancellationToken cancellationToken) =>
            handler.OnChatArbitrageStartedAsync(notification, cancellationToken);

        public Task OnChatArbitrageFinishedAsync(ChatArbitrageFinishedNotification notification, CancellationToken cancellationToken) =>
            handler.OnChatArbitrageFinishedAsync(notification, cancellationToken);
    }
}
