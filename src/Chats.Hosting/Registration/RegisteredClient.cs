using Microsoft.Extensions.DependencyInjection;

namespace YandexMarket.Chats.Hosting;

/// <summary>Marks a registered client; the name is empty for the one without a name.</summary>
internal sealed record RegisteredClient(string Name)
{
    /// <returns>False if it was registered before.</returns>
    public static bool TryAdd(IServiceCollection services, string name)
    {
        var client = new RegisteredClient(name);
        if (services.Any(service => !service.IsKeyedService && client.Equals(service.ImplementationInstance)))
        {
            return false;
        }

        services.AddSingleton(client);
        return true;
    }
}
