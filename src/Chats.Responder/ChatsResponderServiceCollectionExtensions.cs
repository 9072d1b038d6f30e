using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using YandexMarket.Chats.AspNetCore;
using YandexMarket.Chats.Responder.Storage;
using YandexMarket.Chats.Responder.Work;

namespace YandexMarket.Chats.Responder;

/// <summary>Registers the responder.</summary>
public static class ChatsResponderServiceCollectionExtensions
{
    /// <summary>
    /// Adds the responder: it stores the notifications that <c>MapChatsNotifications</c> receives, and answers every buyer's message once, with the
    /// <see cref="IChatsClient"/> of the container. Choose a database on the result. <see cref="IChatsResponderInbox"/> lists the messages that need
    /// a human. A second call changes the options further and replaces the responder, for instance in a test.
    /// </summary>
    /// <typeparam name="TResponder">Composes the replies; scoped, unless it is registered already.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options. Default: none.</param>
    /// <returns>The builder that chooses the database.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
#pragma warning disable RS0027 // The type of the second argument tells the overloads apart, and later overloads can add parameters.
    public static ChatsResponderBuilder AddChatsResponder<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TResponder>(
#pragma warning restore RS0027
        this IServiceCollection services, Action<ChatsResponderOptions>? configure = null)
        where TResponder : class, IChatsResponder
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ChatsResponderOptions>()
            .Configure(configure ?? (_ => { }))
            .PostConfigure(options =>
            {
                if (options.FindErrors() is { Count: > 0 } mistakes)
                {
                    throw new OptionsValidationException(nameof(ChatsResponderOptions), typeof(ChatsResponderOptions), mistakes);
                }
            })
            .ValidateOnStart();
        services.AddMetrics();
        services.TryAddSingleton<MessageStore>();
        services.AddChatsNotifications<MessageStore>();
        services.TryAddScoped<TResponder>();
        services.Replace(ServiceDescriptor.Scoped<IChatsResponder, ForwardingResponder<TResponder>>());
        services.TryAddSingleton<IChatsResponderInbox>(provider => provider.GetRequiredService<MessageStore>());
        services.TryAddSingleton<ResponderDatabase>(_ => throw new InvalidOperationException(
            "The responder has no database: call UseSqlite or UsePostgreSql on the builder that AddChatsResponder returned."));
        services.TryAddSingleton(UnnamedClient);
        services.TryAddSingleton<WorkerFailures>();
        services.TryAddSingleton<ResponderLog>();
        services.TryAddSingleton<MessageHandler>();
        services.AddHostedService<ResponderWorker>();
        return new ChatsResponderBuilder(services);
    }

    /// <summary>Adds the responder, like the other overload, with the options of a configuration section.</summary>
    /// <typeparam name="TResponder">Composes the replies; scoped, unless it is registered already.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="section">The section. An unknown name or a malformed value in it prevents the start of the host; sub-sections are ignored.</param>
    /// <returns>The builder that chooses the database.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ChatsResponderBuilder AddChatsResponder<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TResponder>(
        this IServiceCollection services, IConfigurationSection section)
        where TResponder : class, IChatsResponder
    {
        ArgumentNullException.ThrowIfNull(section);
        var properties = typeof(ChatsResponderOptions).GetProperties();
        return services.AddChatsResponder<TResponder>(options =>
        {
            SectionErrors.ThrowIfAny<ChatsResponderOptions>(
                Options.DefaultName, SectionErrors.FindUnknown(section, properties), SectionErrors.FindMalformed(section, properties));
            section.Bind(options);
        });
    }

    private static ClientOfBusiness UnnamedClient(IServiceProvider services) =>
        services.GetService<IServiceProviderIsService>()?.IsService(typeof(IChatsClient)) == false
            ? throw new InvalidOperationException(
                "The responder has no client: call services.AddChatsClient or, for named clients, UseClient on the builder that AddChatsResponder returned.")
            : new(_ => services.GetRequiredService<IChatsClient>());

    /// <summary>
    /// Forwards to the responder in the container. A scoped factory that returned it would make each scope dispose it, even a singleton.
    /// </summary>
    private sealed class ForwardingResponder<TResponder>(TResponder responder) : IChatsResponder
        where TResponder : class, IChatsResponder
    {
        public Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken) =>
            responder.RespondAsync(message, cancellationToken);
    }
}
