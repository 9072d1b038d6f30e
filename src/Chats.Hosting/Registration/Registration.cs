using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
            services.AddSingleton<IValidateOptions<ChatsClientOptions>>(new OptionsValidator<ChatsClientOptions>(
                optionsName, section, options => OptionsErrors.Of(options, section)));
            services.AddSingleton<IValidateOptions<ChatsHostingOptions>>(new OptionsValidator<ChatsHostingOptions>(
                optionsName, section, OptionsErrors.Of));
        }

        Configure(services, optionsName, configure, section);
        if (!isNew)
        {
            return services.AddHttpClient(GetHttpClientName(name));
        }

        services.AddMetrics();
        services.TryAddSingleton<ChatsMetrics>();
        services.TryAddSingleton<ChatsServices>();
        services.TryAddSingleton(QuotaLimiter.ForContainer);
        return AddHttpClient(services, name);
    }

    public static string GetHttpClientName(string? name) => string.IsNullOrEmpty(name) ? HttpClientName : $"{HttpClientName}:{name}";

    public static string OptionsName(IHttpClientBuilder builder) => FindOptionsName(builder.Name)
        ?? throw new ArgumentException($"This is the builder of {builder.Name}, not that of a chat client; call this method on the builder that AddChatsClient returned.", nameof(builder));

    /// <summary>The name of the client that an HttpClient belongs to; null if it is not our HttpClient.</summary>
    public static string? FindOptionsName(string? httpClientName) =>
        httpClientName == HttpClientName ? Options.DefaultName
        : httpClientName?.StartsWith(HttpClientName + ":", StringComparison.Ordinal) == true ? httpClientName.Substring(HttpClientName.Length + 1)
        : null;

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
        // Connections are renewed by the primary handler; the client lives for the lifetime of the application.
        builder.SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        builder.ConfigureAdditionalHttpMessageHandlers((handlers, provider) =>
            provider.GetRequiredService<ChatsServices>().AddHandlers(handlers, optionsName));
        HandlerFilter.AddTo(services, builder.Name);
        // With a null key this is the ordinary, non-keyed service.
        services.AddKeyedSingleton<IChatsClient>(
            name, (provider, _) => provider.GetRequiredService<ChatsServices>().CreateClient(optionsName));
        return builder;
    }
}

/// <summary>Marks a registered client; the name is empty for the one without a name.</summary>
internal sealed record RegisteredClient(string Name);
