using Microsoft.Extensions.DependencyInjection;

namespace YandexMarket.Chats.Hosting;

/// <summary>Tells that a client of this name was registered; empty for the one without a name.</summary>
internal sealed record RegisteredClient(string Name)
{
    /// <exception cref="InvalidOperationException">There is one of this name: its handlers and options would double.</exception>
    public static RegisteredClient Of(IServiceCollection services, string name)
    {
        var client = new RegisteredClient(name);
        return services.Any(service => !service.IsKeyedService && client.Equals(service.ImplementationInstance))
            ? throw new InvalidOperationException(
                $"AddChatsClient was called before{(name.Length == 0 ? "" : $" for '{name}'")}; give each further client a name of its own.")
            : client;
    }
}
