namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>Retries after faults of real sockets, with the primary handler of the registration.</summary>
internal sealed class SocketFaultTests
{
    private static IEnumerable<ChatsFault> Faults =>
        [ChatsFault.ResponseLost, ChatsFault.ConnectionReset, ChatsFault.Garbage, ChatsFault.TruncatedBody];

    [TestCaseSource(nameof(Faults))]
    public async Task A_read_is_retried_and_a_send_that_may_have_been_accepted_is_not(ChatsFault fault)
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("key", ChatsScopes.Communication);
        var id = emulator.AddBusiness(1).AddChat(2).Receive("text").Id;
        await using var provider = Container.Build(services =>
            services.AddChatsClient(options => (options.ApiKey, options.BaseAddress) = ("key", emulator.BaseAddress)));
        var client = provider.Client();

        emulator.Faults.Next(ChatsFault.ConnectionReset);
        var message = await client.GetChatMessageAsync(1, 2, id);
        emulator.Faults.Next(fault);
        var thrown = await Assert.ThrowsAsync<ChatsConnectionException>(() => client.SendMessageToChatAsync(1, 2, "text"));

        Assert.That((message.Message, thrown!.MayHaveBeenSent, emulator.Requests.Count()), Is.EqualTo(("text", true, 3)));
    }
}
