namespace YandexMarket.Chats.Tests.Connections;

/// <summary>A borrowed HttpClient stays the caller's, and the client's own one keeps nothing between calls.</summary>
public sealed class HttpClientTests
{
    [Test]
    public async Task The_callers_HttpClient_is_neither_changed_nor_disposed_and_the_options_take_precedence()
    {
        var handler = new StubHandler();
        using var http = new HttpClient(handler)
        {
            BaseAddress = new("https://elsewhere.example/"),
            Timeout = TimeSpan.FromSeconds(99),
            MaxResponseContentBufferSize = 777,
        };
        http.DefaultRequestHeaders.Add("Api-Key", "somebody-else-s");
        http.DefaultRequestHeaders.Add("X-Own", "1");
        var headers = http.DefaultRequestHeaders.ToString();
        var client = new ChatsClient(http, Clients.Options(change: options => options.Integration = "shop/1"));

        await client.CallAsync(read: true);
        await client.CallAsync(read: false);
        client.Dispose();
        client.Dispose();

        Assert.That(
            (http.BaseAddress, http.Timeout, http.MaxResponseContentBufferSize),
            Is.EqualTo((new Uri("https://elsewhere.example/"), TimeSpan.FromSeconds(99), 777L)));
        Assert.That((http.DefaultRequestHeaders.ToString(), handler.IsDisposed), Is.EqualTo((headers, false)));
        var request = handler.Requests[1];
        Assert.That(
            (request.Line, request.Headers["Api-Key"], request.Headers["X-Own"]),
            Is.EqualTo(("POST https://example.org/v2/businesses/1/chats/message?chatId=2", Canary.Key, "1")));
    }

#if CHATS_NETSTANDARD
    [TestCase(null, false)]
    [TestCase(false, false)]
    [TestCase(true, true)]
    public async Task A_send_asks_for_100_Continue_only_if_the_callers_HttpClient_does(bool? set, bool asks)
    {
        // Null would be .NET Framework's default, which is to ask.
        bool? asked = null;
        using var http = new HttpClient(new StubHandler((request, _) =>
        {
            asked = request.Headers.ExpectContinue;
            return Task.FromResult(StubHandler.Json(Responses.Sent));
        }));
        http.DefaultRequestHeaders.ExpectContinue = set;
        using var client = new ChatsClient(http, Clients.Options());

        await client.CallAsync(read: false);

        Assert.That(asked, Is.EqualTo(asks));
    }
#endif

    [Test]
    public async Task A_disposed_HttpClient_of_the_caller_is_not_a_transient_failure()
    {
        var http = new HttpClient();
        using var client = new ChatsClient(http, Clients.Options());
        http.Dispose();

        var exception = await Assert.ThrowsAsync<ChatsConnectionException>(() => client.CallAsync(read: false));

        Assert.That(exception!.Message, Does.Contain(nameof(ObjectDisposedException)));
        Assert.That((exception.MayHaveBeenSent, exception.IsTransient), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task The_clients_own_HttpClient_keeps_no_cookies_and_ignores_later_changes_of_the_options()
    {
        await using var server = RawServer.Serving(_ => RawServer.Json(Responses.Message, headers: "Set-Cookie: session=1; Path=/\r\n"));
        var options = Clients.Options(server.Address, it => it.Integration = "shop/1");
        using var client = new ChatsClient(options);
        (options.ApiKey, options.BaseAddress, options.Integration) = ("another", new Uri("https://elsewhere.invalid/"), null);
        (options.GrantedScopes, options.MaxResponseBytes, options.Timeout) = ([], 1, TimeSpan.FromTicks(1));

        // Twice each: reads and sends have connections of their own, and each could have cookies.
        foreach (var read in new[] { true, true, false, false })
        {
            await client.CallAsync(read);
        }

        Assert.That(server.Record.Heads, Has.Count.EqualTo(4).And.None.Contains("Cookie"));
        Assert.That(server.Record.Heads, Has.All.Contains($"\r\nApi-Key: {Canary.Key}\r\nX-Market-Integration: shop/1\r\n"));
    }
}
