namespace YandexMarket.Chats.Tests.SendOnce;

/// <summary>
/// A caller's HttpClient with message handlers: a retry handler, which many applications use for everything they call, gets no
/// text to send again.
/// </summary>
public sealed class HandlerTests
{
    private const string Unavailable = "HTTP/1.1 503 A\r\nContent-Length: 0\r\n\r\n";
    private const string Limited = "HTTP/1.1 420 A\r\nContent-Length: 0\r\n\r\n";

    [TestCase(Unavailable)]
    [TestCase(Limited)]
    [TestCase(null)]
    public async Task A_send_that_a_handler_retries_reaches_the_service_once_and_a_read_any_number_of_times(string? response)
    {
        await using var server = RawServer.Serving(connection =>
        {
            if (response is null)
            {
                connection.Reset();
            }

            return response ?? "";
        });
        using var http = new HttpClient(Handlers.Before(new SocketsHttpHandler { ActivityHeadersPropagator = null }, Handlers.RetryAsync));
        using var client = new ChatsClient(http, Clients.Options(server.Address));

        var failure = await client.FailureOfSendAsync();
        var sends = server.Record.Heads.Count;
        var failureOfRead = await client.FailureOfReadAsync();

        Assert.That(failure, Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True.And.Property("IsTimeout").False);
        Assert.That(failure!.Message, Does.Contain("a second time").And.Contain("Let handlers retry reads only"));
        Assert.That(Canary.PlacesIn(failure), Is.Empty);
        Assert.That(server.Record.Texts, Is.EqualTo([Canary.Text]));
        Assert.That(sends, Is.EqualTo(1));
        Assert.That(failureOfRead, response is null ? Is.TypeOf<ChatsConnectionException>() : Is.InstanceOf<ChatsApiException>());
        Assert.That(server.Record.Heads.Count - sends, response is null ? Is.AtLeast(Handlers.Attempts) : Is.EqualTo(Handlers.Attempts));
    }

    [Test]
    public async Task A_request_of_another_API_is_rejected_by_the_last_handler()
    {
        using var http = new HttpClient(new ChatsSendOnceHandler(StubHandler.Responding(200)));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => http.PostAsync("https://example.org/", content: null));

        Assert.That(failure!.Message, Does.StartWith("This is not a request of the chat client").And.Contain("Use another HttpClient"));
    }

    [Test]
    public async Task A_request_that_a_handler_logs_names_the_operation_and_no_key()
    {
        var logged = "";
        using var client = Clients.Over((request, _) =>
        {
            logged = request.ToString();
            throw new HttpRequestException();
        });

        await client.FailureOfSendAsync();

        Assert.That(logged, Is.EqualTo("POST sendMessageToChat"));
    }
}
