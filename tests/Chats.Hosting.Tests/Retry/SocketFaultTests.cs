using Microsoft.Extensions.DependencyInjection;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>Retries after faults of real sockets, with the primary handler of the registration.</summary>
internal sealed class SocketFaultTests
{
    private static IEnumerable<ChatsFault> Faults =>
        [ChatsFault.ResponseLost, ChatsFault.ConnectionReset, ChatsFault.Garbage, ChatsFault.TruncatedBody];

    [Test]
    public async Task A_read_is_retried_after_a_reset()
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("key", ChatsScopes.Communication);
        var id = emulator.AddBusiness(1).AddChat(2).Receive("text").Id;
        await using var services = Services(emulator);
        emulator.Faults.Next(ChatsFault.ConnectionReset);

        var message = await services.GetRequiredService<IChatsClient>().GetChatMessageAsync(1, 2, id);

        Assert.That((message.Message, emulator.Requests.Count), Is.EqualTo(("text", 2)));
    }

    [TestCaseSource(nameof(Faults))]
    public async Task A_send_that_may_have_been_taken_is_not_retried(ChatsFault fault)
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("key", ChatsScopes.Communication);
        emulator.AddBusiness(1).AddChat(2);
        await using var services = Services(emulator);
        emulator.Faults.Next(fault);

        var thrown = await Assert.ThrowsAsync<ChatsConnectionException>(
            () => services.GetRequiredService<IChatsClient>().SendMessageToChatAsync(1, 2, "text"));

        Assert.That((thrown!.MayHaveBeenSent, emulator.Requests.Count), Is.EqualTo((true, 1)));
    }

    private static ServiceProvider Services(ChatsEmulator emulator)
    {
        var services = new ServiceCollection();
        services.AddChatsClient(options => (options.ApiKey, options.BaseAddress) = ("key", emulator.BaseAddress));
        return services.BuildServiceProvider(validateScopes: true);
    }
}
