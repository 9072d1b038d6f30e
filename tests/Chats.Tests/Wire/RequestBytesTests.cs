namespace YandexMarket.Chats.Tests.Wire;

/// <summary>What the client sends, byte by byte, as a socket receives it.</summary>
[NonParallelizable]
public sealed class RequestBytesTests
{
    private readonly DistributedContextPropagator _propagator = DistributedContextPropagator.Current;

    // What the runtime adds by itself: the .NET of these tests can decompress more than netstandard2.0 knows of.
#if CHATS_NETSTANDARD
    private const string Encodings = "gzip";
#else
    private static string Encodings => Environment.Version.Major > 10 ? "gzip, deflate, br, zstd" : "gzip, deflate, br";
#endif

    // While anybody in the process listens to .NET's activities, as other tests do, .NET adds a traceparent.
    [SetUp]
    public void SendNoTraceContext() => DistributedContextPropagator.Current = DistributedContextPropagator.CreateNoOutputPropagator();

    [TearDown]
    public void SendTraceContextAgain() => DistributedContextPropagator.Current = _propagator;

    [Test]
    public async Task A_read_is_exactly_these_bytes()
    {
        await using var server = RawServer.Responding(RawServer.Json(Responses.Message));
        using var client = Clients.At(server.Address, options => options.Integration = "shop/1");

        await client.GetChatMessageAsync(1, long.MaxValue, 3);

        Assert.That(
            server.Record.Requests,
            Is.EqualTo([
                $"""
                GET /v2/businesses/1/chats/message?chatId=9223372036854775807&messageId=3 HTTP/1.1
                Host: {server.Address.Authority}
                Accept: application/json
                Api-Key: {Canary.Key}
                X-Market-Integration: shop/1
                Accept-Encoding: {Encodings}


                """.ReplaceLineEndings("\r\n")]));
    }

    [Test]
    public async Task A_send_is_exactly_these_bytes()
    {
        await using var server = RawServer.Responding(RawServer.Json(Responses.Sent));
        using var client = Clients.At(server.Address, options => options.Integration = "my-shop/1.2 (tests)");

        await client.SendMessageToChatAsync(long.MaxValue, 2, "Привет, \"мир\" \U0001F600\n\u0001/<>&'+\u2028");

        Assert.That(
            server.Record.Requests,
            Is.EqualTo([
                $$"""
                POST /v2/businesses/9223372036854775807/chats/message?chatId=2 HTTP/1.1
                Host: {{server.Address.Authority}}
                Accept: application/json
                Api-Key: {{Canary.Key}}
                X-Market-Integration: my-shop/1.2 (tests)
                Connection: close
                Accept-Encoding: {{Encodings}}
                Content-Type: application/json
                Content-Length: 63

                {"message":"Привет, \"мир\" 😀\n\u0001/<>&'+\u2028"}
                """.ReplaceLineEndings("\r\n")]));
    }

    [TestCase("", "")]
    [TestCase("/", "")]
    [TestCase("/v2", "/v2")]
    [TestCase("/v2/", "/v2")]
    [TestCase("/a%20proxy/v2", "/a%20proxy/v2")]
    [TestCase("/a%2Fproxy/v2/", "/a%2Fproxy/v2")]
    public async Task The_base_address_may_lack_a_trailing_slash_and_contain_any_version(string given, string prefix)
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
