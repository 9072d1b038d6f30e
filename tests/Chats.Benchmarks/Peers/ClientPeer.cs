using Microsoft.Extensions.DependencyInjection;
using YandexMarket.Chats.Hosting;

namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>The client of this repository, with its default options.</summary>
internal sealed class ClientPeer(IChatsClient client) : Peer
{
    /// <summary>The client with its own connections, with a handler in their place.</summary>
    public static ClientPeer Own(HttpMessageHandler handler, Uri address) => new(ChatsClient.Over(handler, Options(address)));

    /// <summary>The client over the caller's HttpClient, whose timeout is turned off: the client has one.</summary>
    public static ClientPeer Borrowing(HttpMessageHandler handler, Uri address) =>
        new(new ChatsClient(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }, Options(address)));

    /// <summary>
    /// The client as Chats.Hosting registers it, with a key set in code and its defaults: limits, retries, telemetry without a listener,
    /// and a log without a sink. The container lives as long as the process.
    /// </summary>
    public static ClientPeer Hosted(HttpMessageHandler handler, Uri address, Action<IHttpClientBuilder>? configure = null)
    {
        var services = new ServiceCollection();
        var builder = services.AddChatsClient(options => (options.ApiKey, options.BaseAddress) = (Key, address))
            .ConfigurePrimaryHttpMessageHandler(() => handler);
        configure?.Invoke(builder);
        return new ClientPeer(services.BuildServiceProvider().GetRequiredService<IChatsClient>());
    }

    public override Task ReadAsync() => client.GetChatMessageAsync(BusinessId, ChatId, MessageId);

    public override Task SendAsync(string text) => client.SendMessageToChatAsync(BusinessId, ChatId, text);

    private static ChatsClientOptions Options(Uri address) => new() { ApiKey = Key, BaseAddress = address };
}
