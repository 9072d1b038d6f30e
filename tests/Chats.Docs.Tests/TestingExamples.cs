using DotNet.Testcontainers.Builders;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The examples of docs/testing.md, run.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class TestingExamples
{
    [Test]
    public void The_emulator_shares_no_code_with_the_client() => Assert.That(
        typeof(ChatsEmulator).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name), Has.None.StartsWith("YandexMarket").And.None.EqualTo("Newtonsoft.Json"));

    [Test]
    public async Task A_fault_and_the_emulators_record()
    {
        await using var shop = await Shop.OpenAsync();
        var (emulator, client, chat) = (shop.Emulator, shop.Client, shop.Chat);

        // docs/testing: When a call fails
        emulator.Faults.Next(ChatsFault.ResponseLost);

        var failure = await Assert.ThrowsAsync<ChatsConnectionException>(() => client.SendMessageToChatAsync(1, 2, "On its way."));

        Assert.That(failure!.MayHaveBeenSent, Is.True);                                        // what the client reports
        Assert.That(emulator.Requests.Single().WasDelivered, Is.True);                         // what happened
        Assert.That(chat.Messages.Select(message => message.Text), Is.EqualTo(["On its way."]));
        // end
    }

    [Test]
    public void A_fake_that_throws()
    {
        static Task SendMessageToChatAsync()
        {
            // docs/testing: A fake that throws
            throw new ChatsApiException("Out of order.", ChatsOperations.SendMessageToChat, mayHaveBeenSent: true, statusCode: 500);
            // end
        }

        Assert.That(SendMessageToChatAsync, Throws.TypeOf<ChatsApiException>().With.Property("MayHaveBeenSent").True);
    }

    [Test]
    public async Task A_response_of_ones_own()
    {
        await using var shop = await Shop.OpenAsync();
        var (emulator, client) = (shop.Emulator, shop.Client);

        // docs/testing: A response of one's own
        emulator.Faults.Next(ChatsFault.Response(420, "<html>Slow down</html>", "text/html"));

        var failure = await Assert.ThrowsAsync<ChatsRateLimitException>(() => client.SendMessageToChatAsync(1, 2, "On its way."));

        Assert.That(failure!.Limit, Is.EqualTo(ChatsLimitKind.Unknown));
        // end
    }

    [Test]
    public async Task Message_ids_as_long_as_the_services()
    {
        var state = Pages.Read("docs/testing.md").Codes.Single(code => code.StartsWith("InitialState = ", StringComparison.Ordinal)).Split("\"\"\"")[1];
        await using var emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions { InitialState = Encoding.UTF8.GetBytes(state) });

        var message = emulator.AddBusiness(1).AddChat(2).Receive("Where is my order?");

        Assert.That((message.Id, $"{message.Id}".Length), Is.EqualTo((1700000000000001, 16)));
    }

    [Test]
    public async Task Random_faults()
    {
        await using var shop = await Shop.OpenAsync();
        var (emulator, client, chat) = (shop.Emulator, shop.Client, shop.Chat);
        async Task ProgramUnderTestAsync()
        {
            for (var i = 0; i < 40; i++)
            {
                try
                {
                    await client.SendMessageToChatAsync(1, 2, $"text {i}");
                }
                catch (ChatsException)
                {
                    // It does not retry, so it sends nothing twice.
                }
            }
        }

        // docs/testing: Random faults
        emulator.Faults.Random(seed: 7, probability: 0.2);   // one call in five, of every kind

        await ProgramUnderTestAsync();

        foreach (var text in chat.Messages.Where(message => message.Sender == EmulatedSender.Partner).GroupBy(message => message.Text))
        {
            Assert.That(text.Count(), Is.EqualTo(1), "The buyer got it twice.");
        }
        // end

        Assert.That(emulator.Faults.AppliedCount, Is.InRange(1, 20));
        Assert.That(chat.Messages, Has.Count.InRange(20, 40));
    }

    [Test]
    public async Task Moving_to_the_next_hour_without_waiting()
    {
        var clock = new ManualClock();

        // docs/testing: Limits and time
        var options = new ChatsEmulatorOptions { HourlyQuota = 1, TimeProvider = clock };
        await using var emulator = await ChatsEmulator.StartAsync(options);
        emulator.AddKey("test-key", ChatsScopes.Communication);
        emulator.AddBusiness(1).AddChat(2);
        using var client = new ChatsClient(new ChatsClientOptions { ApiKey = "test-key", BaseAddress = emulator.BaseAddress, TimeProvider = clock });

        await client.SendMessageToChatAsync(1, 2, "one");
        var limit = await Assert.ThrowsAsync<ChatsRateLimitException>(() => client.SendMessageToChatAsync(1, 2, "two"));
        clock.Advance(limit!.RetryAfter!.Value);
        await client.SendMessageToChatAsync(1, 2, "two");
        // end

        Assert.That(emulator.FindBusiness(1)!.FindChat(2)!.Messages.Select(message => message.Text), Is.EqualTo(["one", "two"]));
    }

    /// <summary>Only compiled, because it needs a container engine.</summary>
    public static async Task<ChatMessage> ReadInContainerAsync()
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
