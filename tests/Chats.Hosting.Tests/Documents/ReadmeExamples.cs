using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Hosting.Tests.Documents;

/// <summary>The README's example of the registration, run against the emulator.</summary>
internal sealed class ReadmeExamples
{
    [Test]
    public async Task In_a_host()
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("key", ChatsScopes.Communication);
        var chat = emulator.AddBusiness(1).AddChat(2);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Chats:ApiKey", "key"), new("Chats:BaseAddress", $"{emulator.BaseAddress}")]).Build();
        var services = new ServiceCollection().AddLogging();

        // README: In a host
        services.AddChatsClient(configuration.GetSection("Chats"));
        services.AddHealthChecks().AddChatsClient();
        // end

        await using var provider = services.BuildServiceProvider(validateScopes: true);
        await provider.GetRequiredService<IChatsClient>().SendMessageToChatAsync(1, 2, "Hello");
        var health = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That((chat.Messages.Single().Text, health.Status), Is.EqualTo(("Hello", HealthStatus.Healthy)));
    }
}
