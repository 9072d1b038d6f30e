using DotNet.Testcontainers.Builders;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The example of docs/testing.md that is only compiled, because it needs a container engine.</summary>
public static class ContainerExample
{
    public static async Task<ChatMessage> ReadAsync()
    {
        // docs/testing: In a container
        await using var container = new ContainerBuilder("chats-tool")
            .WithPortBinding(8080, assignRandomHostPort: true)
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("listening on"))
            .Build();
        await container.StartAsync();

        var address = new Uri($"http://{container.Hostname}:{container.GetMappedPublicPort(8080)}/v2/");
        using var client = new ChatsClient(new ChatsClientOptions { ApiKey = "demo-all", BaseAddress = address });
        ChatMessage message = await client.GetChatMessageAsync(businessId: 1, chatId: 2, messageId: 1);
        // end
        return message;
    }
}
