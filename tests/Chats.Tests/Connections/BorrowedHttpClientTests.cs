namespace YandexMarket.Chats.Tests.Connections;

/// <summary>A borrowed HttpClient stays the caller's.</summary>
public sealed class BorrowedHttpClientTests : StubFixture
{
    [Test]
    public async Task It_is_neither_changed_nor_disposed()
    {
        var handler = new StubHandler();
        using var http = new HttpClient(handler)
        {
            BaseAddress = new("https://elsewhere.example/"),
            Timeout = TimeSpan.FromSeconds(99),
            MaxResponseContentBufferSize = 777,
        };
        http.DefaultRequestHeaders.Add("X-Own", "1");
        var client = new ChatsClient(http, Clients.Options(new("https://example.org/v2/"), options => options.Integration = "shop/1"));

        await client.CallAsync(read: true);
        await client.CallAsync(read: false);
        client.Dispose();
        client.Dispose();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(http.BaseAddress, Is.EqualTo(new Uri("https://elsewhere.example/")));
            Assert.That((http.Timeout, http.MaxResponseContentBufferSize), Is.EqualTo((TimeSpan.FromSeconds(99), 777L)));
            Assert.That(http.DefaultRequestHeaders.ToString(), Is.EqualTo($"X-Own: 1{Environment.NewLine}"));
            Assert.That(handler.IsDisposed, Is.False);
            Assert.That((await http.GetAsync(new Uri("a", UriKind.Relative))).IsSuccessStatusCode);
        }
    }

    [Test]
    public async Task The_address_and_the_key_are_those_of_the_options_and_other_headers_go_along()
    {
        Stub.Answer(StubAnswer.Ok("""{"status":"OK"}"""));
        using var http = new HttpClient { BaseAddress = new("http://127.0.0.1:1/elsewhere/") };
        http.DefaultRequestHeaders.Add("Api-Key", "somebody-else-s");
        http.DefaultRequestHeaders.Add("X-Own", "1");
        using var client = new ChatsClient(http, NewOptions());

        await client.CallAsync(read: false);

        var request = Stub.Requests.Single();
        Assert.That(
            (request.Target, request.Header("Api-Key"), request.Header("X-Own")),
            Is.EqualTo(("/v2/businesses/1/chats/message?chatId=2", Key, "1")));
    }

    [Test]
    public async Task Two_clients_over_one_do_not_mix_their_keys()
    {
        Stub.Answer(StubAnswer.Ok("""{"status":"OK"}"""));
        using var http = new HttpClient();
        using var one = new ChatsClient(http, NewOptions(options => options.ApiKey = "one"));
        using var other = new ChatsClient(http, NewOptions(options => options.ApiKey = "other"));

        await one.CallAsync(read: false);
        await other.CallAsync(read: false);
        await one.CallAsync(read: false);

        Assert.That(Stub.Requests.Select(request => request.Header("Api-Key")), Is.EqualTo(["one", "other", "one"]));
    }

    [Test]
    public async Task One_that_was_disposed_is_told_as_such()
    {
        var http = new HttpClient();
        using var client = new ChatsClient(http, NewOptions());
        http.Dispose();

        var exception = await Assert.ThrowsAsync<ChatsConnectionException>(() => client.CallAsync(read: false));

        Assert.That(exception!.Message, Does.Contain(nameof(ObjectDisposedException)));
        Assert.That((exception.MayHaveBeenSent, exception.IsTransient), Is.EqualTo((false, false)));
    }
}
