using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>The options of a client: their section, their validation, their reload.</summary>
internal sealed class OptionsTests
{
    private const string Secret = "ACMA:secret-secret";

    [TestCase("Timeout", "00:00:00", "Chats:Timeout: it must be more than zero")]
    [TestCase("Timeout", "15", "Chats:Timeout: a bare number, 15, means days; write 00:00:15 for seconds, or 15.00:00:00 for days.")]
    [TestCase("BaseAddress", "http://example.com/", "Chats:BaseAddress: plain http would expose the key on the network; use https (http is for loopback, and for test networks with AllowInsecureHttp).")]
    [TestCase("ApiKey", "", "Chats:ApiKey: the key is empty")]
    [TestCase("ApiKey", Secret + "\n", "Chats:ApiKey: the key contains a line break; trim it (a file often ends with one).")]
    [TestCase("MaxQuotaWait", "-00:00:01", "Chats:MaxQuotaWait: it must be from zero to 24 days")]
    [TestCase("MaxQuotaWait", "5", "Chats:MaxQuotaWait: a bare number, 5, means days")]
    [TestCase("MaxAttempts", "0", "Chats:MaxAttempts: it must be from 1 (no retries) to 10")]
    [TestCase("MaxAttempts", "11", "Chats:MaxAttempts: it must be from 1 (no retries) to 10")]
    [TestCase("RetryDelay", "00:00:00", "Chats:RetryDelay: it must be from 10 milliseconds to 1 minute")]
    [TestCase("AttemptTimeout", "00:00:00", "Chats:AttemptTimeout: it must be more than zero")]
    [TestCase("Timeout", "soon", "Chats:Timeout: it is not a duration; write hours, minutes and seconds, such as 00:00:15.")]
    [TestCase("RetryDelay", "15s", "Chats:RetryDelay: it is not a duration; write hours, minutes and seconds, such as 00:00:15.")]
    [TestCase("MaxAttempts", "many", "Chats:MaxAttempts: it must be a whole number.")]
    [TestCase("MaxResponseBytes", "3000000000", "Chats:MaxResponseBytes: it must be a whole number.")]
    [TestCase("UseQuota", "perhaps", "Chats:UseQuota: it must be true or false.")]
    [TestCase("BaseAddress", "https://", "Chats:BaseAddress: it is not an address; write it with its scheme, such as https://host/v2/.")]
    [TestCase("BaseAdress", "https://localhost/v2/", "Chats:BaseAdress is not an option; did you mean BaseAddress?")]
    [TestCase("MaxAttempt", "2", "Chats:MaxAttempt is not an option; did you mean MaxAttempts?")]
    [TestCase("ApiKeyProvider", Secret, "Chats:ApiKeyProvider is not an option; remove it, or move it to a sub-section, which is ignored.")]
    [TestCase("GrantedScope:0", "all-methods:read-only", "Chats:GrantedScope is not an option; did you mean GrantedScopes?")]
    [TestCase("GrantedScopes", "communication", "Chats:GrantedScopes: it is a list; write \"GrantedScopes\": […] in JSON, or the environment variable Chats__GrantedScopes__0.")]
    [TestCase("GrantedScopes", "", "Chats:GrantedScopes: it is empty, which allows no call; the scopes are communication, all-methods, all-methods:read-only.")]
    [TestCase("GrantedScopes:0", null, "Chats:GrantedScopes:0: it has no value.")]
    [TestCase("GrantedScopes:0", "comunication", "Chats:GrantedScopes: comunication, which allows no call; the scopes are communication, all-methods, all-methods:read-only.")]
    [TestCase("ApiKey", null, "Chats:ApiKey: there is no key. Set ApiKey (user secrets, a mounted file with AddKeyPerFile, or the environment variable Chats__ApiKey)")]
    public async Task An_invalid_setting_prevents_startup_and_is_named_without_the_key(string setting, string? value, string message)
    {
        var thrown = (await Assert.CatchAsync(() => StartAsync(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Chats:ApiKey"] = Secret, [$"Chats:{setting}"] = value });
            builder.Services.AddChatsClient(builder.Configuration.GetSection("Chats"));
        })))!;

        Assert.That(thrown.Message, Does.Contain(message));
        Assert.That(thrown.ToString(), Does.Not.Contain("secret-secret"));
    }

    [TestCase("GrantedScopes", "communication", "it is a list")]
    [TestCase("GrantedScopes", "", null)]
    [TestCase("GrantedScopes", null, null)]
    public void A_section_without_a_list_of_scopes_does_not_lift_those_in_code(string setting, string? value, string? error)
    {
        using var provider = Container.Build(services =>
        {
            services.AddChatsClient(options => (options.ApiKey, options.GrantedScopes) = ("key", [ChatsScopes.AllMethodsReadOnly]));
            services.AddChatsClient(new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { [$"Chats:{setting}"] = value, ["Chats:north:Foo"] = "a sub-section", ["Chats:shops:0:Foo"] = "a list of them" }).Build().GetSection("Chats"));
        });

        Assert.That(
            () => provider.GetRequiredService<IOptions<ChatsClientOptions>>().Value.GrantedScopes,
            error is null ? Is.EqualTo([ChatsScopes.AllMethodsReadOnly]) : Throws.TypeOf<OptionsValidationException>().With.Message.Contains(error));
    }

    [Test]
    public async Task A_wrong_option_in_code_is_named_with_the_client()
    {
        var thrown = await Assert.CatchAsync<OptionsValidationException>(() => StartAsync(builder =>
            builder.Services.AddChatsClient("shop", options => (options.ApiKey, options.Timeout) = (Secret, TimeSpan.Zero))));

        Assert.That(thrown!.Message, Does.Contain("Client 'shop': ChatsClientOptions.Timeout: it must be more than zero"));
    }

    [Test]
    public void Every_setting_of_a_section_is_bound()
    {
        using var provider = Container.Build(services => services.AddChatsClient(Container.Configuration(
            ("Chats:ApiKey", "key"),
            ("Chats:BaseAddress", "http://test.example/v2/"),
            ("Chats:AllowInsecureHttp", "true"),
            ("Chats:ReuseConnectionsForSends", "true"),
            ("Chats:GrantedScopes:0", ChatsScopes.Communication),
            ("Chats:Timeout", "00:00:42"),
            ("Chats:MaxResponseBytes", "4096"),
            ("Chats:Integration", "shop/1.0"),
            ("Chats:UseQuota", "false"),
            ("Chats:MaxQuotaWait", "00:00:07"),
            ("Chats:MaxAttempts", "2"),
            ("Chats:RetryDelay", "00:00:00.300"),
            ("Chats:AttemptTimeout", "00:00:03")).GetSection("Chats")));

        var client = provider.GetRequiredService<IOptions<ChatsClientOptions>>().Value;
        var hosting = provider.GetRequiredService<IOptions<ChatsHostingOptions>>().Value;

        Assert.That(
            (client.ApiKey, client.BaseAddress.Host, client.AllowInsecureHttp, client.ReuseConnectionsForSends), Is.EqualTo(("key", "test.example", true, true)));
        Assert.That((client.Timeout, client.MaxResponseBytes, client.Integration), Is.EqualTo((TimeSpan.FromSeconds(42), 4096, "shop/1.0")));
        Assert.That(client.GrantedScopes, Is.EqualTo([ChatsScopes.Communication]));
        Assert.That(
            (hosting.UseQuota, hosting.MaxQuotaWait, hosting.MaxAttempts, hosting.RetryDelay, hosting.AttemptTimeout),
            Is.EqualTo((false, TimeSpan.FromSeconds(7), 2, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(3))));
    }

    [TestCase("key 2 bad", "Chats:shop:ApiKey: the key contains a space")]
    [TestCase(null, nameof(NullReferenceException), TestName = "A reload that breaks the application's own code is logged once and ignored, too")]
    public async Task A_reload_changes_the_key_of_a_client_in_use_and_an_invalid_one_is_logged_once_and_ignored(string? bad, string reason)
    {
        var configuration = Container.Configuration(("Chats:shop:ApiKey", "key-1"));
        using var service = StubHandler.Responding(200);
        using var logs = new FakeLoggerProvider();
        await using var provider = Container.Build(services =>
        {
            services.LogTo(logs).AddChatsClient("shop", configuration.GetSection("Chats:shop")).ConfigurePrimaryHttpMessageHandler(() => service);
            services.PostConfigure<ChatsClientOptions>("shop", options => options.ApiKey = options.ApiKey!.Trim());
        });
        var client = provider.Client("shop");

        await client.GetChatMessageAsync(1, 2, 3);
        configuration["Chats:shop:ApiKey"] = bad;
        Assert.That(configuration.Reload, Throws.Exception);
        await client.GetChatMessageAsync(1, 2, 3);
        await client.GetChatMessageAsync(1, 2, 3);
        configuration["Chats:shop:ApiKey"] = "key-3";
        configuration.Reload();
        await client.GetChatMessageAsync(1, 2, 3);

        Assert.That(service.Keys, Is.EqualTo(["key-1", "key-1", "key-1", "key-3"]));
        Assert.That(
            logs.Lines().Where(line => line.Contains("was ignored", StringComparison.Ordinal)),
            Has.Exactly(1).Items.And.All.Contains(" Error: ").And.All.Contains(reason).And.None.Contains("key 2 bad"));
    }

    [TestCase("", false)]
    [TestCase("called", true)]
    [TestCase("started", true)]
    [TestCase("started and checked", true)]
    public async Task A_mistake_in_a_reload_only_degrades_a_client_that_was_started_or_called(string before, bool isInUse)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Chats:ApiKey", "good")]);
        using var service = StubHandler.Responding(200);
        builder.Services.AddChatsClient(builder.Configuration.GetSection("Chats")).ConfigurePrimaryHttpMessageHandler(() => service);
        builder.Services.AddHealthChecks().AddChatsClient();
        using var host = builder.Build();
        var health = host.Services.GetRequiredService<HealthCheckService>();
        await (before.StartsWith("started") ? host.StartAsync() : Task.CompletedTask);
        await (before.EndsWith("checked") ? health.CheckHealthAsync() : Task.CompletedTask);
        await (before == "called" ? host.Services.Client().GetChatMessageAsync(1, 2, 3) : Task.CompletedTask);
        builder.Configuration["Chats:ApiKey"] = "two words";
        // Nobody reads the options yet that nobody checked at the start.
        Assert.That(((IConfigurationRoot)builder.Configuration).Reload, isInUse ? Throws.Exception : Throws.Nothing);

        var entry = (await health.CheckHealthAsync()).Entries["chats"];
        Assert.That(entry.Status, Is.EqualTo(isInUse ? HealthStatus.Degraded : HealthStatus.Unhealthy));
        Assert.That(entry.Description, Does.StartWith("Chats:ApiKey: the key contains a space"));
        if (isInUse)
        {
            await host.Services.Client().GetChatMessageAsync(1, 2, 3);
            Assert.That(entry.Description, Does.EndWith("The last valid key stays in use."));
            Assert.That(service.Keys, Is.All.EqualTo("good"));
        }
    }

    [Test]
    public async Task After_a_reload_a_handler_that_is_renewed_keeps_the_options_of_its_client()
    {
        var configuration = Container.Configuration(("Chats:ApiKey", "key"), ("Chats:MaxAttempts", "2"), ("Chats:RetryDelay", "00:00:00.010"));
        await using var provider = Container.Build(services => services.AddChatsClient(configuration.GetSection("Chats")));
        _ = provider.Client();
        configuration["Chats:MaxAttempts"] = "1";
        configuration.Reload();
        using var network = StubHandler.Responding(503);
        var renewed = new List<DelegatingHandler>();
        provider.GetRequiredService<ChatsServices>().AddHandlers(renewed, Options.DefaultName);
        renewed[0].InnerHandler = network;
        using var http = new HttpClient(renewed[0]);
        using var client = new ChatsClient(http, new ChatsClientOptions { ApiKey = "key" });

        await Assert.CatchAsync<ChatsApiException>(() => client.GetChatMessageAsync(1, 2, 3));

        Assert.That(network.Calls, Is.EqualTo(2));
    }

    private static async Task StartAsync(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        configure(builder);
        using var host = builder.Build();
        await host.StartAsync();
    }
}
