using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Logging;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Surrounds all that the application does to the handlers of our clients: our primary handler comes first, so that one of the application
/// replaces it, and the checks come last, after its other filters as well.
/// </summary>
internal sealed class HandlerFilter : IHttpMessageHandlerBuilderFilter
{
    public static void AddTo(IServiceCollection services, string httpClientName)
    {
        // After the actions of the application and before the filters: .NET's own fails with a handler that was used before, and does not say why.
        services.AddOptions<HttpClientFactoryOptions>(httpClientName).PostConfigure(factory => factory.HttpMessageHandlerBuilderActions.Add(handlers =>
            PrimaryHandler.Secure(handlers.PrimaryHandler, OptionsOf(handlers)!.BaseAddress)));
        if (!services.Any(service => !service.IsKeyedService && service.ImplementationType == typeof(HandlerFilter)))
        {
            // The first filter is the outermost.
            services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, HandlerFilter>());
        }
    }

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => handlers =>
    {
        if (OptionsOf(handlers) is not { } options)
        {
            next(handlers);
            return;
        }

        handlers.PrimaryHandler = ChatsClient.CreateHandler(options);
        next(handlers);
        RemoveDefaultLogger(handlers.AdditionalHandlers);
        // Once more: a filter can set another one.
        PrimaryHandler.Secure(handlers.PrimaryHandler, options.BaseAddress);
        PrimaryHandler.Guard(handlers);
    };

    private static ChatsClientOptions? OptionsOf(HttpMessageHandlerBuilder handlers) => Registration.OptionsNameOf(handlers.Name) is { } name
        ? handlers.Services.GetRequiredService<ChatsServices>().Of(name).Options
        : null;

    /// <summary>At the level Trace it gives all headers to the log, and redacts the key only in the text of an entry and not in its values.</summary>
    private static void RemoveDefaultLogger(IList<DelegatingHandler> handlers)
    {
        for (var i = handlers.Count - 1; i >= 0; i--)
        {
            if (handlers[i] is LoggingScopeHttpMessageHandler or LoggingHttpMessageHandler)
            {
                handlers.RemoveAt(i);
            }
        }
    }
}
