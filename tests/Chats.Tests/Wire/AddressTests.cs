namespace YandexMarket.Chats.Tests.Wire;

/// <summary>The base address, in every form that users write.</summary>
public sealed class AddressTests
{
    [TestCase("", "")]
    [TestCase("/", "")]
    [TestCase("/v2", "/v2")]
    [TestCase("/v2/", "/v2")]
    [TestCase("/a%20proxy/v2", "/a%20proxy/v2")]
    [TestCase("/a%2Fproxy/v2/", "/a%2Fproxy/v2")]
    public async Task The_last_slash_and_the_version_are_the_caller_s_choice(string given, string prefix)
    {
        await using var server = RawServer.Responding(RawServer.Json(Responses.Message));
        using var client = Clients.At(new Uri($"http://{server.Address.Authority}{given}"));

        await client.GetChatMessageAsync(1, 2, 3);
        await client.SendMessageToChatAsync(1, 2, "text");

        Assert.That(
            server.Record.Heads.Select(head => head.Split(" HTTP/1.1\r\n")[0]),
            Is.EqualTo([$"GET {prefix}/businesses/1/chats/message?chatId=2&messageId=3", $"POST {prefix}/businesses/1/chats/message?chatId=2"]));
    }
}
