namespace YandexMarket.Chats.Tests.SendOnce;

/// <summary>What message handlers of users do to a send: MayHaveBeenSent is what the bytes prove.</summary>
public sealed class HandlerTests
{
    [Test]
    public async Task What_a_handler_throws_becomes_an_exception_with_MayHaveBeenSent()
    {
        foreach (var thrown in new Exception[]
        {
            new InvalidOperationException("mine"), new NotSupportedException("mine"), new TimeoutException("mine"), new HttpRequestException("no route"),
        })
        {
            foreach (var afterTaking in new[] { false, true })
            {
                using var client = Clients.Throwing(thrown, afterTaking);

                var failure = await client.FailureOfSendAsync() as ChatsConnectionException;

                Assert.That(
                    (failure?.MayHaveBeenSent, failure?.IsTimeout, failure?.IsTransient),
                    Is.EqualTo(((bool?)afterTaking, (bool?)(thrown is TimeoutException), (bool?)(thrown is TimeoutException or HttpRequestException))),
                    thrown.GetType().Name);
                Assert.That(failure!.Message, Does.Contain(thrown is TimeoutException ? "timed out" : thrown.GetType().Name).And.Not.Contain("mine"));
            }
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
