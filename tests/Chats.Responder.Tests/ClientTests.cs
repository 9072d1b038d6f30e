namespace YandexMarket.Chats.Responder.Tests;

/// <summary>Which client and which responder are used.</summary>
public sealed class ClientTests
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
    }

    [Test]
    public async Task Without_a_client_for_its_business_a_message_is_retried_later()
    {
        await using var stage = await Stage.MigratedAsync();
        await stage.HandlerOf(_ => throw new InvalidOperationException("mine")).HandleAsync(await stage.ClaimedAsync(1), CancellationToken.None, CancellationToken.None, CancellationToken.None);

        var row = await stage.RowAsync(1);
        Assert.That((row.State, row.Failures, row.LastFailure), Is.EqualTo((MessageState.Received, 0, "No client for business 1: InvalidOperationException. Check AddChatsClient and UseClient.")));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Without_any_client_the_host_does_not_start(bool hasNamed)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddKeyedSingleton<IChatsClient>("north", new FakeClient(TimeProvider.System));
        var responder = builder.Services.AddChatsResponder<SupportResponder>().UseSqlite("Data Source=never-created.db");
        _ = hasNamed ? responder.UseClient((services, _) => services.GetRequiredKeyedService<IChatsClient>("north")) : responder;
        using var host = builder.Build();

        if (hasNamed)
        {
            Assert.That(() => Stage.WorkerOf(host.Services), Throws.Nothing);
        }
        else
        {
            Assert.That(() => host.StartAsync(), Throws.InvalidOperationException.With.Message.Contains("AddChatsClient").And.Message.Contains("UseClient"));
        }
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

    private sealed class Other : IChatsResponder
    {
        public Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken) => Task.FromResult<string?>("other");
    }
}
