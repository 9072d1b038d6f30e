using YandexMarket.Chats.Tests.Stub;
using YandexMarket.Chats.Tests.Support;

namespace YandexMarket.Chats.Tests.Client;

/// <summary>The client with connections of its own, and its end.</summary>
public sealed class OwnedHttpClientTests : StubFixture
{
    private const string Good = """{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}""";

    [Test]
    public async Task It_follows_no_redirect([Values(301, 302, 303, 307, 308)] int status, [Values] bool read)
    {
        Stub.Answer(StubAnswer.Empty(status).With("Location", "/elsewhere"), StubAnswer.Ok(Good));
        using var client = NewClient();

        var exception = await Assert.ThrowsAsync<ChatsApiException>(() => client.CallAsync(read));

        Assert.That((exception!.StatusCode, exception.MayHaveBeenSent), Is.EqualTo((status, !read)));
        Assert.That(Stub.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task It_keeps_no_cookies()
    {
        Stub.Answer(StubAnswer.Ok(Good).With("Set-Cookie", "session=1; Path=/"));
        using var client = NewClient();

        await client.CallAsync(read: true);
        await client.CallAsync(read: false);

        Assert.That(Stub.Requests.Select(request => request.Header("Cookie")), Is.EqualTo(["", ""]));
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

    [Test]
    public async Task After_its_end_the_client_refuses_calls_and_may_be_ended_again([Values] bool read, [Values] bool borrowed)
    {
        Stub.Answer(StubAnswer.Ok(Good));
        using var http = new HttpClient();
        var client = borrowed ? new ChatsClient(http, NewOptions()) : NewClient();

        client.Dispose();
        client.Dispose();

        var exception = await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CallAsync(read));
        Assert.That(exception!.ObjectName, Does.Contain(nameof(ChatsClient)));
        Assert.That(Stub.Requests, Is.Empty);
    }

    [Test]
    public async Task A_call_that_is_under_way_at_the_end_says_that_it_may_have_been_sent([Values] bool read)
    {
        await using var server = RawServer.Stalling("HTTP/1.1 200 OK\r\nConte");
        var client = Clients.At(server.BaseAddress);
        var call = client.CallAsync(read);
        await server.FirstRequest;

        client.Dispose();

        var exception = await Assert.ThrowsAsync<ChatsConnectionException>(() => call);
        Assert.That((exception!.IsTimeout, exception.MayHaveBeenSent), Is.EqualTo((false, !read)));
    }
}
