using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Logging;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Runs before and after everything that the application does to the handlers of our clients: our primary handler is set first, so that the
/// application's replaces it, and the checks come last, even after its other filters.
/// </summary>
internal sealed class HandlerFilter : IHttpMessageHandlerBuilderFilter
{
    public static void AddTo(IServiceCollection services, string httpClientName)
    {
        // After the actions of the application and before the filters: .NET's own fails with a handler that was used before, and does not say why.
        services.AddOptions<HttpClientFactoryOptions>(httpClientName).PostConfigure(factory => factory.HttpMessageHandlerBuilderActions.Add(handlers =>
            PrimaryHandler.Secure(handlers.PrimaryHandler, FindOptions(handlers)!.BaseAddress)));
        if (!services.Any(service => !service.IsKeyedService && service.ImplementationType == typeof(HandlerFilter)))
        {
            // The first filter is the outermost.
            services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, HandlerFilter>());
        }
    }

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => handlers =>
    {
        if (FindOptions(handlers) is not { } options)
        {
            next(handlers);
            return;
        }

        handlers.PrimaryHandler = ChatsClient.CreateHandler(options);
        next(handlers);
        RemoveDefaultLogger(handlers.AdditionalHandlers);
        // Again, because a filter can set another one.
        PrimaryHandler.Secure(handlers.PrimaryHandler, options.BaseAddress);
        PrimaryHandler.Guard(handlers);
    };

    private static ChatsClientOptions? FindOptions(HttpMessageHandlerBuilder handlers) => Registration.FindOptionsName(handlers.Name) is { } name
        ? handlers.Services.GetRequiredService<ChatsServices>().Of(name).Options
        : null;

    /// <summary>At the Trace level it logs all headers, and redacts the key only in the text of an entry, not in its structured values.</summary>
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
