using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace YandexMarket.Chats.Hosting.Tests.Documents;

/// <summary>
/// The examples of the packages' pages (PACKAGE.md in src/) and the registration of the README, run against the emulator. Each region is copied
/// there as it is.
/// </summary>
internal sealed class PackagePageExamples
{
    [Test]
    public async Task The_client()
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("key", ChatsScopes.AllMethods);
        var chat = emulator.AddBusiness(1).AddChat(2);
        var (key, businessId, chatId, messageId) = ("key", 1, 2, chat.Receive("Is this the right lamp?").Id);
        emulator.Faults.Next(ChatsFault.SlowDrip.For(TimeSpan.Zero));
        emulator.Faults.Next(ChatsFault.InternalServerError.AfterDelivery());
        using var written = new StringWriter();
        var Console = written;

        // README: The package YandexMarket.Chats
        var options = new ChatsClientOptions { ApiKey = key };
        options.BaseAddress = emulator.BaseAddress; // test only
        using var client = new ChatsClient(options);

        ChatMessage question = await client.GetChatMessageAsync(businessId, chatId, messageId);
        try
        {
            await client.SendMessageToChatAsync(businessId, chatId, $"Hello! You asked: {question.Message}");
        }
        catch (ChatsException exception)
        {
            Console.WriteLine(exception.MayHaveBeenSent
                ? "The buyer may have the text: look into the chat, never retry it blindly."
                : "The buyer has not received the text.");
        }
        // end

        Assert.That(written.ToString(), Does.StartWith("The buyer may have the text"));
        Assert.That(chat.Messages[^1].Text, Is.EqualTo("Hello! You asked: Is this the right lamp?"));
    }

    [Test]
    public async Task Hosting()
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("key", ChatsScopes.Communication);
        var chat = emulator.AddBusiness(1).AddChat(2);
        var builder = Builder(("Chats:ApiKey", "key"), ("Chats:BaseAddress", $"{emulator.BaseAddress}"));

        // README: In a host, and the package YandexMarket.Chats.Hosting
        builder.Services.AddChatsClient(builder.Configuration.GetSection("Chats"));
        builder.Services.AddHealthChecks().AddChatsClient();
        // end

        using var host = builder.Build();
        await host.Services.GetRequiredService<IChatsClient>().SendMessageToChatAsync(1, 2, "On its way.");
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That(chat.Messages.Select(message => message.Text), Is.EqualTo(["On its way."]));
        Assert.That(health.Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task Hosting_several_clients()
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("key", ChatsScopes.Communication);
        var chat = emulator.AddBusiness(1).AddChat(2);
        var builder = Builder(("Chats:north:ApiKey", "key"), ("Chats:north:BaseAddress", $"{emulator.BaseAddress}"));
        const string southKey = "south-key";

        // README: Several clients of YandexMarket.Chats.Hosting
        builder.Services.AddChatsClient("north", builder.Configuration.GetSection("Chats:north"));
        builder.Services.AddChatsClient("south", options => options.ApiKey = southKey);
        builder.Services.AddSingleton(services => new NorthDesk(services.GetRequiredKeyedService<IChatsClient>("north")));
        // end

        using var host = builder.Build();
        var north = host.Services.GetRequiredService<NorthDesk>().Chats;
        await north.SendMessageToChatAsync(1, 2, "On its way.");

        Assert.That(chat.Messages.Select(message => message.Text), Is.EqualTo(["On its way."]));
        Assert.That(host.Services.GetRequiredKeyedService<IChatsClient>("south"), Is.Not.SameAs(north));
    }

    [Test]
    public async Task The_emulator()
    {
        using var written = new StringWriter();
        var Console = written;

        // README: The package YandexMarket.Chats.Emulator
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("test-key", "communication");
        var chat = emulator.AddBusiness(1).AddChat(2);
        var question = chat.Receive("Where is my order?");

        using var client = new ChatsClient(new ChatsClientOptions { ApiKey = "test-key", BaseAddress = emulator.BaseAddress });
        ChatMessage read = await client.GetChatMessageAsync(1, 2, question.Id);

        // The service delivers the text, and its response is lost.
        emulator.Faults.Next(ChatsFault.ResponseLost);
        try
        {
            await client.SendMessageToChatAsync(1, 2, "On its way.");
        }
        catch (ChatsConnectionException exception) when (exception.MayHaveBeenSent)
        {
            Console.WriteLine($"The buyer has the text: {chat.Messages[^1].Text}");
        }
        // end

        Assert.That(read.Message, Is.EqualTo("Where is my order?"));
        Assert.That(written.ToString().Trim(), Is.EqualTo("The buyer has the text: On its way."));
    }

    private static HostApplicationBuilder Builder(params (string Key, string Value)[] configuration)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(configuration.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        return builder;
    }

    private sealed record NorthDesk(IChatsClient Chats);
}
