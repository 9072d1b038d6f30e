using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class HealthTests
{
    private readonly ManualClock _clock = new();

    [TestCase("", 200, 0, HealthStatus.Unhealthy, "Chats:ApiKey: there is no key", null, TestName = "Without a key it says what to set")]
    [TestCase("ApiKey=key", 200, 2, HealthStatus.Healthy, "The key is well-formed, and no quota is used up.", "998 of 1000", TestName = "With a key it tells the remaining quota")]
    [TestCase("ApiKey=key", 420, 1, HealthStatus.Degraded, "The key is well-formed, but hourly quotas are used up: 1.", "0 of 1000", TestName = "A used up quota degrades it")]
    [TestCase("ApiKey=key;UseQuota=false", 200, 1, HealthStatus.Healthy, "The key is well-formed.", null, TestName = "Without a quota it reports only the key")]
    public async Task Health(string settings, int status, int calls, HealthStatus health, string description, string? remaining)
    {
        using var service = new StubHandler((request, _) => Task.FromResult(
            StubHandler.Response(request, status, "Hit rate limit of '1000' requests per 'hour' for resource 'R'")));
        var configuration = Container.Configuration(
            [.. settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(it => it.Split('=')).Select(it => ($"Chats:{it[0]}", it[1]))]);
        await using var provider = Build(service, configuration, [null]);
        for (var call = 0; call < calls; call++)
        {
            await _clock.FailureOfAsync(() => provider.Client().GetChatMessageAsync(1, 2, 3));
        }

        var entry = (await CheckAsync(provider))["chats"];

        Assert.That((entry.Status, service.Calls), Is.EqualTo((health, calls)), "It makes no request itself.");
        Assert.That(entry.Description, Does.Contain(description));
        Assert.That(entry.Data.GetValueOrDefault("getChatMessage of business 1"), Is.EqualTo(remaining));
    }

    [Test]
    public async Task Each_client_reports_the_quotas_of_its_own_address_even_after_a_reload_and_an_unregistered_client_is_unhealthy()
    {
        (string Name, string Address)[] clients = [("ru", "https://ru.example/v2"), ("net", "https://net.example/v2"), ("slash", "https://net.example/v2/")];
        var configuration = Container.Configuration(
            [.. clients.SelectMany(it => new[] { ($"{it.Name}:ApiKey", "key"), ($"{it.Name}:BaseAddress", it.Address) })]);
        using var network = StubHandler.Responding(200);
        await using var provider = Build(network, configuration, clients.Select(it => it.Name), checks => checks.AddChatsClient("shpo"));
        foreach (var (name, _) in clients)
        {
            await provider.Client(name).GetChatMessageAsync(1, 2, 3);
        }

        configuration["ru:BaseAddress"] = "https://new.example/v2/";
        configuration.Reload();
        var entries = await CheckAsync(provider);

        Assert.That(entries.Select(entry => (entry.Key, entry.Value.Status, entry.Value.Data.Values.SingleOrDefault())), Is.EquivalentTo(new[]
        {
            ("chats-ru", HealthStatus.Healthy, "999 of 1000"),
            // One service has one count, with and without a slash at its end.
            ("chats-net", HealthStatus.Healthy, "998 of 1000"),
            ("chats-slash", HealthStatus.Healthy, "998 of 1000"),
            ("chats-shpo", HealthStatus.Unhealthy, (object?)null),
        }));
        Assert.That(entries["chats-shpo"].Description, Does.Contain("AddChatsClient").And.Contain("'shpo'"));
    }

    private static IEnumerable<TestCaseData> Providers =>
    [
        Provider("returns the same key", 401, _ => "key", HealthStatus.Unhealthy, "status 401 (6 times since the last success)"),
        Provider("returns two keys in turn", 401, call => $"key-{call % 2}", HealthStatus.Unhealthy, "status 401 (6 times since the last success)"),
        Provider("always throws", 200, _ => throw new InvalidDataException("vault"), HealthStatus.Unhealthy, "ApiKeyProvider threw, or returned a malformed key."),
        Provider("returns an empty key", 200, _ => "", HealthStatus.Unhealthy, "ApiKeyProvider threw, or returned a malformed key."),
        Provider("threw once", 200, call => call == 0 ? throw new InvalidDataException() : "key", HealthStatus.Healthy, "The key is well-formed"),
    ];

    [TestCaseSource(nameof(Providers))]
    public async Task The_key_of_a_provider_is_checked_as_well(int status, Func<int, string> getKey, HealthStatus health, string description)
    {
        foreach (var useQuota in new[] { true, false })
        {
            var calls = 0;
            using var network = StubHandler.Responding(status);
            await using var provider = Container.Build(services =>
            {
                services.AddChatsClient(options => options.ApiKeyProvider = _ => new(getKey(calls++)))
                    .ConfigureChatsHosting(options => options.UseQuota = useQuota).ConfigurePrimaryHttpMessageHandler(() => network);
                services.AddHealthChecks().AddChatsClient();
            });
            var check = provider.GetRequiredService<HealthCheckService>();
            var before = await check.CheckHealthAsync();
            for (var call = 0; call < 6; call++)
            {
                await ((Task)provider.Client().GetChatMessageAsync(1, 2, 3)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            var entry = (await check.CheckHealthAsync()).Entries["chats"];

            Assert.That((before.Status, entry.Status), Is.EqualTo((HealthStatus.Healthy, health)), $"{useQuota}");
            Assert.That(entry.Description, Does.Contain(description));
            Assert.That(calls, Is.EqualTo(6), "It is called for each request, and only for one.");
            if (status == 401)
            {
                Assert.That(network.Requests.Select(request => request.Headers["Api-Key"]), Is.EqualTo(Enumerable.Range(0, 6).Select(getKey)));
            }
        }
    }

    private static TestCaseData Provider(string name, int status, Func<int, string> getKey, HealthStatus health, string description) =>
        new TestCaseData(status, getKey, health, description).SetArgDisplayNames(name);

    [Test]
    public async Task The_401s_of_an_old_key_count_neither_against_a_new_one_nor_after_a_success()
    {
        var configuration = Container.Configuration(("Chats:ApiKey", "old"));
        using var network = StubHandler.Responding(401, 401, 401, 401, 401, 200);
        await using var provider = Build(network, configuration, [null]);
        for (var call = 0; call < 5; call++)
        {
            await Assert.ThrowsAsync<ChatsApiException>(() => provider.Client().GetChatMessageAsync(1, 2, 3));
        }

        var old = await CheckAsync(provider);
        configuration["Chats:ApiKey"] = "new";
        configuration.Reload();
        var other = await CheckAsync(provider);
        configuration["Chats:ApiKey"] = "old";
        configuration.Reload();
        await provider.Client().GetChatMessageAsync(1, 2, 3);

        Assert.That(
            new[] { old, other, await CheckAsync(provider) }.Select(entries => entries["chats"].Status),
            Is.EqualTo([HealthStatus.Unhealthy, HealthStatus.Healthy, HealthStatus.Healthy]));
    }

    /// <summary>Clients with their sections and their health checks; the one without a name has the section Chats.</summary>
    private ServiceProvider Build(
        HttpMessageHandler network, IConfiguration configuration, IEnumerable<string?> names, Action<IHealthChecksBuilder>? more = null) => Container.Build(services =>
    {
        services.AddSingleton<TimeProvider>(_clock);
        foreach (var name in names)
        {
            (name is null ? services.AddChatsClient(configuration.GetSection("Chats")) : services.AddChatsClient(name, configuration.GetSection(name)))
                .ConfigurePrimaryHttpMessageHandler(() => network);
            services.AddHealthChecks().AddChatsClient(name);
        }

        more?.Invoke(services.AddHealthChecks());
    });

    private static async Task<IReadOnlyDictionary<string, HealthReportEntry>> CheckAsync(ServiceProvider provider) =>
        (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries;
}
