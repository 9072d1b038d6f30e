namespace YandexMarket.Chats.Tests.Connections;

/// <summary>The client with connections of its own.</summary>
public sealed class OwnedHttpClientTests : StubFixture
{
    private const string Good = """{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}""";

    [Test]
    public async Task It_keeps_no_cookies()
    {
        Stub.Answer(StubAnswer.Ok(Good).With("Set-Cookie", "session=1; Path=/"));
        using var client = NewClient();

        // Twice each: reads and sends have connections of their own, and each could have cookies.
        foreach (var read in new[] { true, true, false, false })
        {
            await client.CallAsync(read);
        }

        Assert.That(Stub.Requests.Select(request => request.Header("Cookie")), Is.EqualTo(["", "", "", ""]));
    }

    [Test]
    public async Task Later_changes_of_the_options_have_no_effect()
    {
        var options = NewOptions(it => it.Integration = "shop/1");
        Stub.Answer(StubAnswer.Ok(Good));
        using var client = new ChatsClient(options);
        options.ApiKey = "another";
        options.BaseAddress = new Uri(Stub.BaseAddress, "elsewhere/");
        options.Integration = null;
        options.GrantedScopes = [];
        options.MaxResponseBytes = 1;
        options.Timeout = TimeSpan.FromTicks(1);

        await client.CallAsync(read: false);

        var request = Stub.Requests.Single();
        Assert.That(
            (request.Target, request.Header("Api-Key"), request.Header("X-Market-Integration")),
            Is.EqualTo(("/v2/businesses/1/chats/message?chatId=2", Key, "shop/1")));
    }
}
