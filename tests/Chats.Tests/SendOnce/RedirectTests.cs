namespace YandexMarket.Chats.Tests.SendOnce;

/// <summary>A caller's HttpClient that follows redirects: the client cannot prevent it, and does not report success.</summary>
public sealed class RedirectTests
{
    [Test]
    public async Task A_followed_redirect_is_a_failure([Values(301, 302, 303, 307, 308)] int status, [Values] bool toTheSameServer)
    {
        await using var elsewhere = RawServer.Serving(_ => Good);
        RawServer? server = null;
        await using var owner = server = RawServer.Serving(connection =>
        {
            var location = toTheSameServer ? $"{server!.Address}moved" : $"{elsewhere.Address}";
            return connection.Request.Contains("/moved ", StringComparison.Ordinal)
                ? Good
                : $"HTTP/1.1 {status} A\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n";
        });
        using var http = new HttpClient();
        using var client = new ChatsClient(http, Clients.Options(server.Address));

        foreach (var (failure, isRead) in new[] { (await client.FailureOfReadAsync(), true), (await client.FailureOfSendAsync(), false) })
        {
            Assert.That(failure, Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").EqualTo(!isRead).And.Property("IsTimeout").False);
            Assert.That(failure!.Message, Does.Contain("redirect").And.Contain("AllowAutoRedirect = false")
                .And.EndWith(isRead ? "Nothing was changed." : "The message may have been sent: look into the chat before sending it again."));
        }

        var followed = status is 307 or 308 ? 1 : 2;
        Assert.That((elsewhere.Record.Complete, server.Record.Complete), Is.EqualTo(toTheSameServer ? (0, 2 + followed) : (followed, 2)), "The redirects were followed.");
        Assert.That(elsewhere.Record.Texts.Concat(server.Record.Texts), Is.EqualTo([Canary.Text]), "A text went to another address.");
        // After a 307 or 308 the send is repeated unchanged: without a body, its headers with the key are not sent either.
        Assert.That(elsewhere.Record.Heads.Select(head => head.Split(' ')[0]), Has.None.EqualTo("POST"));
    }

    [Test]
    public async Task A_handler_that_changes_the_address_needs_the_guard_behind_it_or_restores_the_address([Values] bool guarded, [Values] bool restores, [Values] bool read)
    {
        using var network = StubHandler.Responding(200);
        using var gateway = new ForeignHandler(async (request, next, _) =>
        {
            var address = request.RequestUri!;
            request.RequestUri = new Uri($"https://gateway.example{address.PathAndQuery}");
            var response = await next(request);
            request.RequestUri = restores ? address : request.RequestUri;
            return response;
        });
        gateway.InnerHandler = guarded ? new ChatsSendOnceHandler(network) : network;
        using var http = new HttpClient(gateway);
        using var client = new ChatsClient(http, Clients.Options());

        var failure = read ? await client.FailureOfReadAsync() : await client.FailureOfSendAsync();

        Assert.That(failure?.GetType(), Is.EqualTo(guarded || restores ? null : typeof(ChatsConnectionException)));
        Assert.That(network.Calls, Is.EqualTo(1));
    }

    private const string Good = $"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{Responses.Sent}";
}
