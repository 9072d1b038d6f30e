namespace YandexMarket.Chats.Tests.SendOnce;

/// <summary>What message handlers of users do to a send: MayHaveBeenSent is what the bytes prove.</summary>
public sealed class HandlerTests
{
    private static IEnumerable<TestCaseData> Thrown =>
    [
        new(new InvalidOperationException("mine"), false, false, nameof(InvalidOperationException)),
        new(new NotSupportedException("mine"), false, false, nameof(NotSupportedException)),
        new(new TimeoutException("mine"), true, true, "timed out"),
        new(new HttpRequestException("mine"), false, true, nameof(HttpRequestException)),
        // Not the caller's cancellation.
        new(new OperationCanceledException("mine", new CancellationToken(canceled: true)), false, true, nameof(OperationCanceledException)),
    ];

    [TestCaseSource(nameof(Thrown))]
    public async Task What_a_handler_throws_becomes_an_exception_with_MayHaveBeenSent(Exception thrown, bool isTimeout, bool isTransient, string cause)
    {
        foreach (var (read, readsBody) in new[] { (true, false), (false, false), (false, true) })
        {
            using var client = Clients.Throwing(thrown, readsBody);

            var failure = await Assert.ThrowsAsync<ChatsConnectionException>(() => client.CallAsync(read));

            Assert.That(
                (failure!.MayHaveBeenSent, failure.IsTimeout, failure.IsTransient), Is.EqualTo((readsBody, isTimeout, isTransient)));
            Assert.That(failure.Message, Does.Contain(cause).And.Not.Contain("mine"));
        }
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

    [Test]
    public async Task A_body_that_a_handler_replaced_may_have_been_sent()
    {
        using var client = Clients.Over(async (request, cancellationToken) =>
        {
            request.Content = new ByteArrayContent(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            throw new HttpRequestException("cut");
        });

        Assert.That(await client.FailureOfSendAsync(), Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True);
    }
}
