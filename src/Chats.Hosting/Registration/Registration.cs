using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>The registration of a client, shared by all public methods.</summary>
internal static class Registration
{
    private const string HttpClientName = "YandexMarket.Chats";

    /// <summary>Registers a client, or changes the options of one that is registered: the last value set applies.</summary>
    public static IHttpClientBuilder Add(
        IServiceCollection services,
        string? name,
        Action<IServiceProvider, ChatsClientOptions>? configure,
        IConfigurationSection? section)
    {
        ArgumentNullException.ThrowIfNull(services);
        var optionsName = name ?? Options.DefaultName;
        var client = new RegisteredClient(optionsName);
        var isNew = !services.Any(service => !service.IsKeyedService && client.Equals(service.ImplementationInstance));
        if (isNew)
        {
            services.AddSingleton(client);
            services.AddOptions<ChatsClientOptions>(optionsName).ValidateOnStart().Configure<IServiceProvider>((options, provider) =>
                options.TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System);
            services.AddOptions<ChatsHostingOptions>(optionsName).ValidateOnStart();
        }

        if (isNew || section is not null)
        {
            var validator = new OptionsValidator(optionsName, section);
            services.AddSingleton<IValidateOptions<ChatsClientOptions>>(validator);
            services.AddSingleton<IValidateOptions<ChatsHostingOptions>>(validator);
        }

        Configure(services, optionsName, configure, section);
        // Again if it was removed, as in a test, to be registered with other options.
        if (isNew || !services.Any(service => service.ServiceType == typeof(IChatsClient) && Equals(service.ServiceKey, name)))
        {
            // With a null key this is the ordinary, non-keyed service.
            services.AddKeyedSingleton<IChatsClient>(
                name, (provider, _) => provider.GetRequiredService<ChatsServices>().CreateClient(optionsName));
        }

        if (!isNew)
        {
            return services.AddHttpClient(GetHttpClientName(name));
        }

        services.AddMetrics();
        services.TryAddSingleton<ChatsMetrics>();
        services.TryAddSingleton<ChatsServices>();
        services.AddHostedService<ClientStart>();
        services.TryAddSingleton(provider => new QuotaLimiter(provider.GetService<TimeProvider>() ?? TimeProvider.System));
        return AddHttpClient(services, name);
    }

    public static string GetHttpClientName(string? name) => string.IsNullOrEmpty(name) ? HttpClientName : $"{HttpClientName}:{name}";

    public static string OptionsName(IHttpClientBuilder builder) =>
        builder.Name == HttpClientName ? Options.DefaultName
        : builder.Name?.StartsWith(HttpClientName + ":", StringComparison.Ordinal) == true ? builder.Name.Substring(HttpClientName.Length + 1)
        : throw new ArgumentException($"This is the builder of {builder.Name}, not that of a chat client; call this method on the builder that AddChatsClient returned.", nameof(builder));

    private static void Configure(
        IServiceCollection services, string name, Action<IServiceProvider, ChatsClientOptions>? configure, IConfigurationSection? section)
    {
        var client = services.AddOptions<ChatsClientOptions>(name);
        if (section is not null)
        {
            var (clientOptions, hostingOptions) = (typeof(ChatsClientOptions).GetProperties(), typeof(ChatsHostingOptions).GetProperties());
            client.Configure(options =>
            {
                SectionErrors.ThrowIfAny<ChatsClientOptions>(
                    name, SectionErrors.FindUnknown(section, [.. clientOptions, .. hostingOptions]), SectionErrors.FindMalformed(section, clientOptions));

                // A key in this section replaces one that was set before.
                if (section[nameof(ChatsClientOptions.ApiKey)] is not null)
                {
                    (options.ApiKey, options.ApiKeyProvider) = (null, null);
                }

                // So do scopes: the binder would only add to them.
                if (section.GetSection(nameof(ChatsClientOptions.GrantedScopes)).GetChildren().Any())
                {
                    options.GrantedScopes = null;
                }
            });
            client.Bind(section);
            services.AddOptions<ChatsHostingOptions>(name)
                .Configure(_ => SectionErrors.ThrowIfAny<ChatsHostingOptions>(name, SectionErrors.FindMalformed(section, hostingOptions)))
                .Bind(section);
        }

        if (configure is not null)
        {
            client.Configure<IServiceProvider>((options, provider) =>
            {
                var (key, keyProvider) = (options.ApiKey, options.ApiKeyProvider);
                (options.ApiKey, options.ApiKeyProvider) = (null, null);
                configure(provider, options);
                if (options is { ApiKey: null, ApiKeyProvider: null })
                {
                    (options.ApiKey, options.ApiKeyProvider) = (key, keyProvider);
                }
            });
        }
    }

    private static IHttpClientBuilder AddHttpClient(IServiceCollection services, string? name)
    {
        var optionsName = name ?? Options.DefaultName;
        var builder = services.AddHttpClient(GetHttpClientName(name))
            .ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan)
            // The factory logs whole exceptions, and those of .NET can quote a response with a chat's text. We do our own logging.
            .RemoveAllLoggers();
        builder.ConfigureAdditionalHttpMessageHandlers((handlers, provider) =>
            provider.GetRequiredService<ChatsServices>().AddHandlers(handlers, optionsName));
        services.AddOptions<HttpClientFactoryOptions>(builder.Name).PostConfigure(factory =>
        {
            // Connections are renewed by the primary handler; the client lives for the lifetime of the application.
            factory.HandlerLifetime = Timeout.InfiniteTimeSpan;
            // First, so that a primary handler of the application replaces ours.
            factory.HttpMessageHandlerBuilderActions.Insert(0, handlers => handlers.PrimaryHandler = ChatsClient.CreateHandler(GetOptions(handlers)));
            // Before the factory's filters: .NET's own fails with a handler that was used before, and does not say why.
            factory.HttpMessageHandlerBuilderActions.Add(handlers => PrimaryHandler.Secure(handlers.PrimaryHandler, GetOptions(handlers)));
        });
        return builder;

        ChatsClientOptions GetOptions(HttpMessageHandlerBuilder handlers) => handlers.Services.GetRequiredService<ChatsServices>().Of(optionsName).Options;
    }
}

/// <summary>Marks a registered client; the name is empty for the one without a name.</summary>
internal sealed record RegisteredClient(string Name);
