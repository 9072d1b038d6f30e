using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Hosting.Tests;

internal static class Container
{
    private static readonly ServiceProviderOptions _strict = new() { ValidateScopes = true, ValidateOnBuild = true };

    public static ServiceProvider Build(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection();
        configure(services);
        return services.BuildServiceProvider(_strict);
    }

    /// <summary>One client over a handler in place of the network.</summary>
    public static ServiceProvider Over(
        HttpMessageHandler network, Action<IHttpClientBuilder>? client = null, Action<IServiceCollection>? others = null, string key = "key") => Build(services =>
    {
        others?.Invoke(services);
        var builder = services.AddChatsClient(options => options.ApiKey = key).ConfigurePrimaryHttpMessageHandler(() => network);
        client?.Invoke(builder);
    });

    /// <summary>Puts a handler in front of ours, where it sees each call once.</summary>
    public static IHttpClientBuilder AddInFront(this IHttpClientBuilder client, ForeignHandler.Behavior behavior) =>
        client.ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Insert(0, new ForeignHandler(behavior)));

    /// <summary>Adds a handler between ours and the network, where it sees every attempt.</summary>
    public static IHttpClientBuilder AddBehind(this IHttpClientBuilder client, ForeignHandler.Behavior behavior) =>
        client.AddHttpMessageHandler(() => new ForeignHandler(behavior));

    /// <summary>Changes the handlers of all clients after their own registrations have.</summary>
    public static IServiceCollection AddFilter(this IServiceCollection services, Action<HttpMessageHandlerBuilder> change, bool first = false)
    {
        services.Insert(first ? 0 : services.Count, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter>(new Filter(change)));
        return services;
    }

    public static IChatsClient Client(this IServiceProvider provider, string? name = null) =>
        name is null ? provider.GetRequiredService<IChatsClient>() : provider.GetRequiredKeyedService<IChatsClient>(name);

    public static IConfigurationRoot Configuration(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value))
        .Build();

    private sealed class Filter(Action<HttpMessageHandlerBuilder> change) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => next + change;
    }
}

/// <summary>Collects log entries of every level, and shows all that a sink can write of them: texts, values, scopes and exceptions.</summary>
internal static class LogText
{
    public static IServiceCollection LogTo(this IServiceCollection services, FakeLoggerProvider logs) =>
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));

    public static string[] Lines(this FakeLoggerProvider logs) =>
    [
        .. logs.Collector.GetSnapshot().Select(entry =>
            $"{entry.Category} {entry.Level}: {entry.Message} {Describe(entry.State)} {string.Join(' ', entry.Scopes.Select(Describe))} {entry.Exception}"),
    ];

    private static string Describe(object? state) => state switch
    {
        IEnumerable<KeyValuePair<string, string?>> values => string.Join(", ", values),
        IEnumerable<KeyValuePair<string, object?>> values => $"{state} {string.Join(", ", values)}",
        _ => $"{state}",
    };
}
