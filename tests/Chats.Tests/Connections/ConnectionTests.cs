namespace YandexMarket.Chats.Tests.Connections;

/// <summary>How the client reaches the service: a borrowed HttpClient stays the caller's, and the client's own one keeps nothing between calls.</summary>
public sealed class ConnectionTests
{
#if CHATS_NETSTANDARD
    [Test]
    public async Task Reads_share_a_connection_for_five_minutes_and_one_in_progress_keeps_it()
    {
        var clock = new ManualClock();
        var isHeld = false;
        var connections = new ConcurrentQueue<RawConnection>();
        using SemaphoreSlim arrived = new(0), released = new(0);
        await using var server = new RawServer(async connection =>
        {
            connections.Enqueue(connection);
            while (await connection.ReadRequestAsync())
            {
                if (isHeld)
                {
                    isHeld = false;
                    arrived.Release();
                    await released.WaitAsync();
                }

                await connection.SendAsync(RawServer.Json(Responses.Message).Replace("Connection: close\r\n", "", StringComparison.Ordinal));
            }
        });
        // A call's own timeout is not what this is about.
        using var client = Clients.At(server.Address, options => (options.TimeProvider, options.Timeout) = (clock, Timeout.InfiniteTimeSpan));

        await client.CallAsync(read: true);
        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        await client.CallAsync(read: true);
        var within = server.Record.Opened;
        clock.Advance(TimeSpan.FromTicks(1));
        await client.CallAsync(read: true);
        var after = server.Record.Opened;

        isHeld = true;
        var underWay = client.CallAsync(read: true);
        await arrived.WaitAsync();
        clock.Advance(TimeSpan.FromMinutes(5));
        await client.CallAsync(read: true);
        released.Release();
        await underWay;
        // .NET closes those of a handler that was replaced only when they have been idle for a minute.
        foreach (var connection in connections)
        {
            connection.Dispose();
        }

        Assert.That((within, after, server.Record.Opened), Is.EqualTo((1, 2, 3)));
    }
#endif

    [Test]
    public async Task ResponseReceived_gets_the_headers_of_every_response_and_cannot_change_how_the_call_ends()
    {
        var seen = new List<string>();
        using var client = Clients.Over(
            (request, _) =>
            {
                var response = StubHandler.Response(request, request.Method == HttpMethod.Get ? 404 : 200);
                response.Headers.Add("traceparent", "00-1-2-01");
                response.Headers.Add("X-RateLimit-Resource-Remaining", "7");
                return Task.FromResult(response);
            },
            options => options.ResponseReceived = info =>
            {
                seen.Add($"{info.Operation} {info.StatusCode} {info.TraceParent} {info.RateLimit?.Remaining}");
                throw new InvalidOperationException("of the observer");
            });

        await client.CallAsync(read: false);
        await Assert.ThrowsAsync<ChatsApiException>(() => client.CallAsync(read: true));

        Assert.That(seen, Is.EqualTo(new[] { "sendMessageToChat 200 00-1-2-01 7", "getChatMessage 404 00-1-2-01 7" }));
    }

    [Test]
    public async Task With_the_callers_HttpClient_connections_are_closed_and_a_send_uses_HTTP_1_unless_they_may_be_reused([Values] bool read, [Values] bool reuse)
    {
        HttpRequestMessage? seen = null;
        using var http = new HttpClient(new StubHandler((request, _) => Task.FromResult(StubHandler.Response(seen = request, 200))))
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrHigher,
        };
        using var client = new ChatsClient(http, Clients.Options(change: options => options.ReuseConnectionsForSends = reuse));

        await client.CallAsync(read);

        Assert.That(seen!.Headers.ConnectionClose, Is.EqualTo(reuse ? (bool?)null : true));
#if !CHATS_NETSTANDARD
        // HTTP/2 has no connection of a send's own.
        Assert.That((seen.Version, seen.VersionPolicy), Is.EqualTo(read || reuse
            ? (HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrHigher)
            : (HttpVersion.Version11, HttpVersionPolicy.RequestVersionOrLower)));
#endif
    }

#if !CHATS_NETSTANDARD
    [Test]
    public async Task An_IPv4_address_in_the_form_of_IPv6_is_reached()
    {
        await using var server = RawServer.Responding(RawServer.Json(Responses.Message));
        using var client = Clients.At(new Uri($"http://[::ffff:127.0.0.1]:{server.Port}/v2/"));

        Assert.That(await client.FailureOfReadAsync(), Is.Null);
    }

    [TestCase("http://127.0.0.1:1/", false)]
    [TestCase("http://localhost:1/", false)]
    [TestCase("https://service.example/", true)]
    public void Our_handler_is_configured_for_the_service(string address, bool usesProxy)
    {
        using var handler = (DelegatingHandler)ChatsClient.CreateHandler(new ChatsClientOptions { BaseAddress = new Uri(address) });
        var sockets = (SocketsHttpHandler)handler.InnerHandler!;

        Assert.That((sockets.UseProxy, sockets.AllowAutoRedirect, sockets.UseCookies), Is.EqualTo((usesProxy, false, false)));
        Assert.That((sockets.ConnectTimeout, sockets.PooledConnectionLifetime), Is.EqualTo((TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5))));
        Assert.That(sockets.ActivityHeadersPropagator, Is.Null);
    }
#endif

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
