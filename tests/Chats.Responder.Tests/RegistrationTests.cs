using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>Which client and which responder are used, and what is reported at startup.</summary>
public sealed class RegistrationTests
{
    [Test]
    public void Each_business_can_have_its_own_client()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var (north, south) = (new FakeClient(TimeProvider.System), new FakeClient(TimeProvider.System));
        builder.Services.AddKeyedSingleton<IChatsClient>("north", north).AddKeyedSingleton<IChatsClient>("south", south);

        // docs/responder: The responder
        builder.Services.AddChatsResponder<SupportResponder>()
            .UseClient((services, businessId) => services.GetRequiredKeyedService<IChatsClient>(businessId == 1 ? "north" : "south"))
            .UseSqlite("Data Source=chats.db");
        // end

        using var host = builder.Build();
        var clientOf = host.Services.GetRequiredService<ClientOfBusiness>().Choose;
        Assert.That((clientOf(1), clientOf(2)), Is.EqualTo((north, south)));
        Assert.That(() => Stage.WorkerOf(host.Services), Throws.Nothing, "It needs no unnamed client.");
    }

    [Test]
    public async Task Without_a_client_for_its_business_a_message_is_retried_later()
    {
        await using var stage = await Stage.MigratedAsync();
        await stage.HandlerOf(_ => throw new InvalidOperationException("mine")).HandleAsync(await stage.ClaimedAsync(1), CancellationToken.None, CancellationToken.None, CancellationToken.None);

        var row = await stage.RowAsync(1);
        Assert.That((row.State, row.Failures, row.LastFailure), Is.EqualTo((Received, 0, "No client for business 1: InvalidOperationException. Check AddChatsClient and UseClient.")));
    }

    [Test]
    public void With_an_error_in_its_options_the_host_does_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IChatsClient>(new FakeClient(TimeProvider.System));
        builder.Services.AddChatsResponder<SupportResponder>(options => options.MaxFailures = 0).UseSqlite("Data Source=never-created.db");
        using var host = builder.Build();

        Assert.That(() => host.StartAsync(), Throws.InstanceOf<OptionsValidationException>());
    }

    [Test]
    public void Without_any_client_the_host_does_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddKeyedSingleton<IChatsClient>("north", new FakeClient(TimeProvider.System));
        builder.Services.AddChatsResponder<SupportResponder>().UseSqlite("Data Source=never-created.db");
        using var host = builder.Build();

        Assert.That(() => host.StartAsync(), Throws.InvalidOperationException.With.Message.Contains("AddChatsClient").And.Message.Contains("UseClient"));
    }

    [Test]
    public void A_message_of_null_is_rejected() =>
        Assert.That(() => new IncomingChatMessage(1, 2, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("Message"));

    [Test]
    public async Task The_last_registered_responder_wins()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(new FakeTimeProvider());
        services.AddChatsResponder<SupportResponder>(options => options.MaxFailures = 3);
        services.AddChatsResponder<Other>();
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();

        var responder = scope.ServiceProvider.GetRequiredService<IChatsResponder>();

        Assert.That(await responder.RespondAsync(new(1, 2, new ChatMessage()), CancellationToken.None), Is.EqualTo("other"));
        Assert.That(services.Count(service => service.ServiceType == typeof(IHostedService)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_missing_database_or_responder_is_reported()
    {
        await using var noDatabase = new ServiceCollection().AddChatsResponder<SupportResponder>().Services.BuildServiceProvider();
        await using var noResponder = new ServiceCollection().AddLogging().AddHealthChecks().AddChatsResponder().Services.BuildServiceProvider();

        var check = (await noResponder.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["chats-responder"];

        Assert.That(() => noDatabase.GetRequiredService<IChatsResponderInbox>(), Throws.InvalidOperationException.With.Message.Contains("UseSqlite"));
        Assert.That((check.Status, check.Description), Is.EqualTo((HealthStatus.Unhealthy, "There is no responder: call services.AddChatsResponder<TResponder>().")));
    }

    [TestCase("never-created.db", true)]
    [TestCase("file:never-created.db?cache=private", false)]
    [TestCase("|DataDirectory|never-created.db", false)]
    public async Task A_change_of_the_current_directory_leads_to_no_other_file(string path, bool isPlain)
    {
        var services = new ServiceCollection();
        services.AddChatsResponder<SupportResponder>().UseSqlite($"Data Source={path};Default Timeout=7");
        await using var provider = services.BuildServiceProvider();
        await using var context = await provider.GetRequiredService<IDbContextFactory<ResponderContext>>().CreateDbContextAsync();

        var used = new SqliteConnectionStringBuilder(context.Database.GetConnectionString());

        Assert.That((used.DataSource, used.DefaultTimeout), Is.EqualTo((isPlain ? Path.GetFullPath(path) : path, 7)));
    }

    [TestCase("Data Source=chats.db", "/data/chats.db")]
    [TestCase("Data Source=chats.db", "Fiel=chats.db")]
    [TestCase("Data Source=chats.db", "Data Source=a;Pooling=maybe")]
    [TestCase("Data Source=chats.db", "Data Source=a;Default Timeout=99999999999")]
    [TestCase("Data Source=chats.db", "Data Source=")]
    [TestCase("Data Source=chats.db", "Data Source=:memory:")]
    [TestCase("Data Source=chats.db", "Data Source=a;Password=my;secret=1")]
    [TestCase("Host=db;Database=", "db")]
    [TestCase("Host=db;Database=", "Hots=db")]
    [TestCase("Host=db;Database=", "Host=db;Port=many")]
    [TestCase("Host=db;Database=", "Host=db;Password=my;secret=1")]
    public void A_wrong_connection_string_is_rejected_at_once(string example, string text)
    {
        var builder = new ServiceCollection().AddChatsResponder<SupportResponder>();

        Assert.That(
            () => example.StartsWith("Host", StringComparison.Ordinal) ? builder.UsePostgreSql(text) : builder.UseSqlite(text),
            Throws.ArgumentException.With.Message.Contains(example).And.Property("ParamName").EqualTo("connectionString").And.Message.Not.Contains("secret"));
    }

    [TestCase("MaxConcurrency", "0", "ChatsResponderOptions.MaxConcurrency must be from 1 to 1000.")]
    [TestCase("MaxConcurrency", "1001", "ChatsResponderOptions.MaxConcurrency must be from 1 to 1000.")]
    [TestCase("RespondTimeout", "02:00:00", "ChatsResponderOptions.RespondTimeout must be from 00:00:00.0010000 to 01:00:00, written as hours:minutes:seconds; it is 02:00:00.")]
    [TestCase("LeaseDuration", "02:00:00", "ChatsResponderOptions.LeaseDuration must be from 00:00:01 to 01:00:00")]
    [TestCase("DoubtTimeout", "2.00:00:00", "ChatsResponderOptions.DoubtTimeout must be from 00:00:00.0010000 to 1.00:00:00")]
    [TestCase("RetryDelay", "02:00:00", "ChatsResponderOptions.RetryDelay must be from 00:00:00.0010000 to 01:00:00")]
    [TestCase("MaxRetryDelay", "2.00:00:00", "ChatsResponderOptions.MaxRetryDelay must be from 00:00:01 to 1.00:00:00")]
    [TestCase("PollInterval", "00:02:00", "ChatsResponderOptions.PollInterval must be from 00:00:00.0100000 to 00:01:00")]
    [TestCase("ShutdownTimeout", "02:00:00", "ChatsResponderOptions.ShutdownTimeout must be from 00:00:00 to 01:00:00")]
    [TestCase("Retention", "14.00:00:00", "ChatsResponderOptions.Retention must be at least 15 days.")]
    [TestCase("MaxRetryDelay", "1", "Responder:MaxRetryDelay: a bare number, 1, means days; write 00:00:01 for seconds, or 1.00:00:00 for days.")]
    [TestCase("TextRetention", "a day", "Responder:TextRetention: it is not a duration")]
    [TestCase("MaxAttempt", "3", "Responder:MaxAttempt is not an option; did you mean MaxAttempts?")]
    [TestCase("AttentionNeeded", "true", "Responder:AttentionNeeded is not an option; remove it, or move it to a sub-section, which is ignored.")]
    [TestCase("MaxAttempt:0", "3", "Responder:MaxAttempt is not an option; did you mean MaxAttempts?")]
    public void A_section_with_an_error_is_reported_at_startup(string option, string value, string error)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [$"Responder:{option}"] = value }).Build();
        using var built = new ServiceCollection().AddChatsResponder<SupportResponder>(configuration.GetSection("Responder")).Services.BuildServiceProvider();

        Assert.That(
            () => built.GetRequiredService<IOptions<ChatsResponderOptions>>().Value,
            Throws.InstanceOf<OptionsValidationException>().With.Message.StartsWith(error));
    }

    [Test]
    public void All_invalid_options_are_named_at_once() => Assert.That(
        new ChatsResponderOptions { MaxAttempts = 0, TextRetention = TimeSpan.Zero }.FindErrors(),
        Is.EqualTo(["ChatsResponderOptions.MaxAttempts must be at least 1.", "ChatsResponderOptions.TextRetention must be at least 1 hour."]));

    private sealed class Other : IChatsResponder
    {
        public Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken) => Task.FromResult<string?>("other");
    }
}
