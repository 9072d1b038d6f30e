using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>Where all the ways to register a client meet.</summary>
internal static class Registration
{
    private const string HttpClientName = "YandexMarket.Chats";

    // Everything else could be a secret, or somebody else's.
    private static readonly HashSet<string> _loggedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Content-Length", "Content-Type", "Date", "Retry-After", "traceparent",
        "X-RateLimit-Resource-Limit", "X-RateLimit-Resource-Remaining", "X-RateLimit-Resource-Until",
    };

    public static IHttpClientBuilder Add(
        IServiceCollection services, string? name, Action<ChatsClientOptions>? configure, IConfigurationSection? section)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton(RegisteredClient.Of(services, name ?? Options.DefaultName));
        AddOptions(services, name ?? Options.DefaultName, configure, section);
        services.AddMetrics();
        services.TryAddSingleton<ChatsMetrics>();
        services.TryAddSingleton<ChatsServices>();
        services.TryAddSingleton(QuotaLimiter.ForContainer);
        return AddHttpClient(services, name);
    }

    public static string HttpClientNameOf(string? name) => string.IsNullOrEmpty(name) ? HttpClientName : $"{HttpClientName}:{name}";

    public static string OptionsName(IHttpClientBuilder builder) =>
        builder.Name == HttpClientName ? Options.DefaultName
        : builder.Name.StartsWith(HttpClientName + ":", StringComparison.Ordinal) ? builder.Name.Substring(HttpClientName.Length + 1)
        : throw new ArgumentException($"This is the builder of {builder.Name}; call it on what AddChatsClient returned.", nameof(builder));

    private static void AddOptions(
        IServiceCollection services, string name, Action<ChatsClientOptions>? configure, IConfigurationSection? section)
    {
        var client = services.AddOptions<ChatsClientOptions>(name).ValidateOnStart();
        client.Configure<IServiceProvider>((options, provider) =>
            options.TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System);
        var hosting = services.AddOptions<ChatsHostingOptions>(name).ValidateOnStart();
        if (section is not null)
        {
            client.Bind(section);
            hosting.Bind(section);
        }

        if (configure is not null)
        {
            client.Configure(configure);
        }

        services.AddSingleton<IValidateOptions<ChatsClientOptions>>(provider =>
            new ClientOptionsValidator(name, section, provider.GetRequiredService<IOptionsMonitor<ChatsHostingOptions>>()));
        services.AddSingleton<IValidateOptions<ChatsHostingOptions>>(new HostingOptionsValidator(name, section));
    }

    private static IHttpClientBuilder AddHttpClient(IServiceCollection services, string? name)
    {
        var optionsName = name ?? Options.DefaultName;
        var builder = services.AddHttpClient(HttpClientNameOf(name))
            .ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(PrimaryHandler.Create)
            // The factory logs whole exceptions, and .NET's own quote what came over the network: a text could be in it. We log ourselves.
            .RemoveAllLoggers()
            // For those who put the default logger back.
            .RedactLoggedHeaders(header => !_loggedHeaders.Contains(header));
#if NET
        // Connections are renewed by the primary handler; the client lives as long as the application.
        builder.SetHandlerLifetime(Timeout.InfiniteTimeSpan);
#endif
        builder.ConfigureAdditionalHttpMessageHandlers((handlers, provider) =>
            provider.GetRequiredService<ChatsServices>().AddHandlers(handlers, optionsName));
        // After all that anybody adds, now or later: it has to be the last one.
        services.PostConfigure<HttpClientFactoryOptions>(builder.Name, options => options.HttpMessageHandlerBuilderActions.Add(
            static handlers => handlers.AdditionalHandlers.Add(new SendOnceHandler())));
        if (name is null)
        {
            services.AddSingleton<IChatsClient>(provider => provider.GetRequiredService<ChatsServices>().CreateClient(optionsName));
        }
        else
        {
            services.AddKeyedSingleton<IChatsClient>(
                name, (provider, _) => provider.GetRequiredService<ChatsServices>().CreateClient(optionsName));
        }

        return builder;
    }
}
