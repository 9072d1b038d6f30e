namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>A client of a changed contract in front of a stub.</summary>
internal sealed class ConnectedClient(dynamic client, StubHandler stub)
{
    /// <summary>The client itself, for operations and arguments that the real contract does not have.</summary>
    public dynamic Client => client;

    public IReadOnlyList<StubHandler.Request> Requests => stub.Requests;

    public async Task<dynamic> ReadAsync() => await client.GetChatMessageAsync(1L, 2L, 3L);

    public async Task SendAsync(string text = "text", long chatId = 2) => await client.SendMessageToChatAsync(1L, chatId, text);
}
