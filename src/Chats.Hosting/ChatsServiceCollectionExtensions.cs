using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace YandexMarket.Chats.Hosting;

/// <summary>Registers <see cref="IChatsClient"/>, one instance for the life of the application.</summary>
/// <remarks>
/// A request passes, from the caller to the network: the retries, the limits, then the handlers that are added to the returned
/// builder, which so see every attempt. To see each call once, insert a handler at the front with
/// <c>ConfigureAdditionalHttpMessageHandlers((handlers, _) =&gt; handlers.Insert(0, …))</c>. A handler must hand on the request that it
/// got: one that sends a copy cuts the limits off. The factory's own log is off, because it prints exceptions that can quote an answer;
/// <c>AddDefaultLogger</c> puts it back, with the key and all headers but harmless ones redacted. The clock of everything is the registered
/// <see cref="TimeProvider"/>, if there is one.
/// </remarks>
public static class ChatsServiceCollectionExtensions
{
    /// <summary>Registers the client with options set in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options; a key is required. They are checked when the host starts.</param>
    /// <returns>The builder of the client's HttpClient, for further handlers.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The client was registered before.</exception>
    public static IHttpClientBuilder AddChatsClient(this IServiceCollection services, Action<ChatsClientOptions> configure) =>
        Registration.Add(services, name: null, configure ?? throw new ArgumentNullException(nameof(configure)), section: null);

    /// <summary>Registers one of several clients with options set in code; it is resolved as a keyed service.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, which is the key of the service.</param>
    /// <param name="configure">Sets the options; a key is required. They are checked when the host starts.</param>
    /// <returns>The builder of the client's HttpClient, for further handlers.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="InvalidOperationException">A client of this name was registered before.</exception>
    public static IHttpClientBuilder AddChatsClient(
        this IServiceCollection services, string name, Action<ChatsClientOptions> configure) =>
        Registration.Add(services, Checked(name), configure ?? throw new ArgumentNullException(nameof(configure)), section: null);

    /// <summary>
    /// Registers the client with the options of the section <c>Chats</c>, or of the section that is given. A reload of the
    /// configuration changes the key; other options keep their values until the next start.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The configuration, or one section of it.</param>
    /// <returns>The builder of the client's HttpClient, for further handlers.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The client was registered before.</exception>
    public static IHttpClientBuilder AddChatsClient(this IServiceCollection services, IConfiguration configuration) =>
        Registration.Add(services, name: null, configure: null, SectionOf(configuration, "Chats"));

    /// <summary>
    /// Registers one of several clients with the options of the section <c>Chats:name</c>, or of the section that is given; it is
    /// resolved as a keyed service.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, which is the key of the service.</param>
    /// <param name="configuration">The configuration, or one section of it.</param>
    /// <returns>The builder of the client's HttpClient, for further handlers.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="InvalidOperationException">A client of this name was registered before.</exception>
    public static IHttpClientBuilder AddChatsClient(this IServiceCollection services, string name, IConfiguration configuration) =>
        Registration.Add(services, Checked(name), configure: null, SectionOf(configuration, $"Chats:{name}"));

    /// <summary>Sets how the client keeps the limits and repeats what failed, on top of its configuration.</summary>
    /// <param name="builder">What <c>AddChatsClient</c> returned.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The builder is another client's.</exception>
    public static IHttpClientBuilder ConfigureChatsHosting(this IHttpClientBuilder builder, Action<ChatsHostingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(Registration.OptionsName(builder), configure);
        return builder;
    }

    private static string Checked(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 0 ? name : throw new ArgumentException("The name is empty: leave it out for the one client.", nameof(name));
    }

    private static IConfigurationSection SectionOf(IConfiguration configuration, string path)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration as IConfigurationSection ?? configuration.GetSection(path);
    }
}
