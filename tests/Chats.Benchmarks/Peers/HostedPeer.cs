using Microsoft.Extensions.DependencyInjection;
using YandexMarket.Chats.Hosting;

namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>
/// The client as Chats.Hosting registers it, with a key set in code and its defaults: limits, retries, telemetry without a listener,
/// and a log without a sink. The container lives as long as the process.
/// </summary>
internal sealed class HostedPeer : Peer
{
    private readonly IChatsClient _client;

    public HostedPeer(HttpMessageHandler handler, Uri address, Action<IHttpClientBuilder>? configure = null)
    {
        var services = new ServiceCollection();
        var builder = services.AddChatsClient(options => (options.ApiKey, options.BaseAddress) = (Key, address))
            .ConfigurePrimaryHttpMessageHandler(() => handler);
        configure?.Invoke(builder);
        _client = services.BuildServiceProvider().GetRequiredService<IChatsClient>();
    }

    public override Task ReadAsync() => _client.GetChatMessageAsync(BusinessId, ChatId, MessageId);

    public override Task SendAsync(string text) => _client.SendMessageToChatAsync(BusinessId, ChatId, text);

    public override string Describe(Task read) => ClientPeer.Describe(((Task<ChatMessage>)read).Result);

    public override string Describe(Exception error) => ClientPeer.Describe((ChatsApiException)error);
}
