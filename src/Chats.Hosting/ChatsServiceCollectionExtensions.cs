using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace YandexMarket.Chats.Hosting;

/// <summary>Registers <see cref="IChatsClient"/>, one instance for the lifetime of the application.</summary>
/// <remarks>
/// A request passes through the retries, the limits, and then the handlers that are added to the returned builder, which therefore see every attempt.
/// To see each call once, insert a handler at the front with
/// <c>ConfigureAdditionalHttpMessageHandlers((handlers, _) =&gt; handlers.Insert(0, …))</c>. A handler should pass on the request that it received; a
/// clone needs the Options of the request. The factory's own logging stays off, because it can log responses and the key. All times use the
/// registered <see cref="TimeProvider"/>, if there is one.
/// </remarks>
public static class ChatsServiceCollectionExtensions
{
    /// <summary>Registers the client with options set in code, or changes the options of a client that is already registered.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options, which are checked when the host starts. A key is required; it replaces one set before.</param>
    /// <returns>The builder of the client's HttpClient, for further handlers.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IHttpClientBuilder AddChatsClient(
        this IServiceCollection services, Action<ChatsClientOptions> configure) =>
        Registration.Add(services, name: null, WithoutServices(configure), section: null);

    /// <summary>Registers the client with options set in code with the help of other services, or changes the options of a registered one.</summary>
    /// <inheritdoc cref="AddChatsClient(IServiceCollection, Action{ChatsClientOptions})"/>
    public static IHttpClientBuilder AddChatsClient(
        this IServiceCollection services, Action<IServiceProvider, ChatsClientOptions> configure) =>
        Registration.Add(services, name: null, configure ?? throw new ArgumentNullException(nameof(configure)), section: null);

    /// <summary>
    /// Registers the client with the options of a configuration section, or changes the options of a registered one. A reload of the
    /// configuration changes the key; other options keep their values until the next start.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="section">
    /// The section, for instance <c>configuration.GetSection("Chats")</c>. An unknown name or a malformed value in it prevents the start of the host;
    /// sub-sections are ignored.
    /// </param>
    /// <returns>The builder of the client's HttpClient, for further handlers.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IHttpClientBuilder AddChatsClient(
        this IServiceCollection services, IConfigurationSection section) =>
        Registration.Add(services, name: null, configure: null, section ?? throw new ArgumentNullException(nameof(section)));

    /// <summary>Registers one of several clients, as a keyed service, with options set in code, or changes the options of a registered one.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, which is the key of the service.</param>
    /// <param name="configure">Sets the options, which are checked when the host starts. A key is required; it replaces one set before.</param>
    /// <returns>The builder of the client's HttpClient, for further handlers.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IHttpClientBuilder AddChatsClient(
        this IServiceCollection services, string name, Action<ChatsClientOptions> configure) =>
        Registration.Add(services, Checked(name), WithoutServices(configure), section: null);

    /// <summary>Registers one of several clients, as a keyed service, with options set in code with the help of other services.</summary>
    /// <inheritdoc cref="AddChatsClient(IServiceCollection, string, Action{ChatsClientOptions})"/>
    public static IHttpClientBuilder AddChatsClient(
        this IServiceCollection services, string name, Action<IServiceProvider, ChatsClientOptions> configure) =>
        Registration.Add(services, Checked(name), configure ?? throw new ArgumentNullException(nameof(configure)), section: null);

    /// <summary>Registers one of several clients, as a keyed service, with the options of a configuration section.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, which is the key of the service.</param>
    /// <param name="section">
    /// The section, for instance <c>configuration.GetSection("Chats")</c>. An unknown name or a malformed value in it prevents the start of the host;
    /// sub-sections are ignored.
    /// </param>
    /// <returns>The builder of the client's HttpClient, for further handlers.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IHttpClientBuilder AddChatsClient(
        this IServiceCollection services, string name, IConfigurationSection section) =>
        Registration.Add(services, Checked(name), configure: null, section ?? throw new ArgumentNullException(nameof(section)));

    /// <summary>Configures rate limiting and retries in code, in addition to the configuration section.</summary>
    /// <param name="builder">The builder that <c>AddChatsClient</c> returned.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The builder is not that of a client registered with <c>AddChatsClient</c>.</exception>
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
        return name.Length > 0 ? name : throw new ArgumentException("The name is empty: omit it for the unnamed client.", nameof(name));
    }

    private static Action<IServiceProvider, ChatsClientOptions> WithoutServices(Action<ChatsClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return (_, options) => configure(options);
    }
}
