using System.Net;

namespace YandexMarket.Chats.Tests.Faults;

/// <summary>Failures on this side of the network: other people's handlers, a borrowed HttpClient, the provider of the key, Dispose.</summary>
public class HandlerTests
{
    [Test]
    public async Task What_a_handler_throws_ends_the_call_with_a_verdict()
    {
        foreach (var thrown in new Exception[] { new InvalidOperationException("mine"), new NotSupportedException("mine"), new TimeoutException("mine") })
        {
            foreach (var afterTaking in new[] { false, true })
            {
                using var client = afterTaking ? Calls.ThrowingAfterTaking(thrown) : Calls.Throwing(thrown);

                var failure = await Calls.FailureOfSendAsync(client) as ChatsConnectionException;

                Assert.That(
                    (failure?.MayHaveBeenSent, failure?.IsTimeout, failure?.IsTransient),
                    Is.EqualTo(((bool?)afterTaking, (bool?)(thrown is TimeoutException), (bool?)(thrown is TimeoutException))),
                    thrown.GetType().Name);
            }
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_handler_that_fails_like_a_network_is_believed_as_far_as_the_bytes_say(bool afterTaking)
    {
        var thrown = new HttpRequestException("no route");
        using var client = afterTaking ? Calls.ThrowingAfterTaking(thrown) : Calls.Throwing(thrown);

        var failure = await Calls.FailureOfSendAsync(client);

        Assert.That(failure, Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").EqualTo(afterTaking).And.Property("IsTimeout").False);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task The_time_of_a_borrowed_HttpClient_is_a_time_out_too(bool afterTaking)
    {
        using var http = new HttpClient(new Stalling(afterTaking)) { Timeout = TimeSpan.FromMilliseconds(1) };
        using var client = new ChatsClient(http, Calls.Options());

        var failure = await Calls.FailureOfSendAsync(client);

        Assert.That(failure, Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").EqualTo(afterTaking).And.Property("IsTimeout").True);
        Assert.That(failure!.InnerException, Is.Null.Or.TypeOf<TimeoutException>());
    }

    [Test]
    public async Task The_time_of_the_call_is_over_exactly_when_it_is()
    {
        var clock = new ManualClock();
        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var client = Calls.Over(async (_, cancellationToken) =>
        {
            stalled.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return new HttpResponseMessage();
        }, Calls.Options(clock));
        var call = Calls.FailureOfSendAsync(client);
        await stalled.Task;

        clock.Advance(TimeSpan.FromSeconds(15) - TimeSpan.FromTicks(10_000));
        Assert.That(call.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromTicks(10_000));

        Assert.That(await call, Is.TypeOf<ChatsConnectionException>().With.Property("IsTimeout").True
            .And.Message.EqualTo("sendMessageToChat: the call timed out before a complete response arrived. The message was not sent."));
        Assert.That(clock.Waiting, Is.Zero);
    }

    [Test]
    public async Task A_client_that_is_disposed_during_a_call_ends_it()
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new Server.RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            taken.SetResult();
            await connection.HoldAsync();
        });
        var client = new ChatsClient(new ChatsClientOptions { ApiKey = Canary.Key, BaseAddress = server.Address, TimeProvider = new ManualClock() });
        var call = Calls.FailureOfSendAsync(client);
        await taken.Task;

        client.Dispose();

        Assert.That(await call, Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True.And.Property("IsTimeout").False);
        Assert.That(await Calls.FailureOfSendAsync(client), Is.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task A_client_that_is_disposed_while_the_key_is_asked_for_sends_nothing()
    {
        await using var server = new Server.RawServer(connection => connection.HoldAsync());
        ChatsClient? client = null;
        client = new ChatsClient(new ChatsClientOptions
        {
            BaseAddress = server.Address,
            ApiKeyProvider = async ignored =>
            {
                await Task.Yield();
                client!.Dispose();
                return Canary.Key;
            },
        });

        Assert.That(await Calls.FailureOfSendAsync(client), Is.TypeOf<ObjectDisposedException>());
        Assert.That(server.Record.Opened, Is.Zero);
    }

    [Test]
    public async Task What_the_provider_of_the_key_throws_is_the_inner_exception()
    {
        foreach (var thrown in new Exception[] { new HttpRequestException("vault"), new OperationCanceledException("vault"), new IOException("vault") })
        {
            foreach (var atOnce in new[] { true, false })
            {
                var options = Calls.Options();
                options.ApiKey = null;
                options.ApiKeyProvider = async ignored =>
                {
                    await (atOnce ? Task.CompletedTask : Task.Delay(1, ignored));
                    throw thrown;
                };
                using var client = Calls.Over((_, _) => throw new InvalidOperationException("It was sent."), options);

                Assert.That(await Calls.FailureOfSendAsync(client), Is.TypeOf<ChatsApiKeyException>().With.InnerException.SameAs(thrown));
            }
        }
    }

    [TestCase("", "empty")]
    [TestCase(null, "empty")]
    [TestCase("KEYCANARY TEXTCANARY", "space")]
    [TestCase("KEYCANARY\n", "line break")]
    [TestCase("Bearer KEYCANARY", "Bearer")]
    [TestCase("KEYCANARYя", "ASCII")]
    [TestCase("KEYCANARY\u0007", "control")]
    public async Task A_bad_key_of_the_provider_is_named_by_its_fault_and_not_quoted(string? key, string fault)
    {
        var options = Calls.Options();
        options.ApiKey = null;
        options.ApiKeyProvider = _ => new ValueTask<string>(key!);
        using var client = Calls.Over((_, _) => throw new NotSupportedException("It was sent."), options);

        var failure = await Calls.FailureOfSendAsync(client);

        Assert.That(failure, Is.TypeOf<ChatsApiKeyException>().With.Message.Contains(fault).And.Property("IsTransient").False);
        Assert.That(Canary.PlacesIn(failure!), Is.Empty);
    }

    [Test]
    public async Task An_answer_to_another_address_is_no_answer()
    {
        using var client = Calls.Over((request, _) =>
        {
            request.RequestUri = new Uri("https://elsewhere.invalid/");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StringContent(Calls.Good) });
        });

        Assert.That(await Calls.FailureOfSendAsync(client), Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True);
        Assert.That(await Calls.FailureOfReadAsync(client), Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").False);
    }

    [Test]
    public async Task A_content_that_a_handler_put_in_place_of_ours_leaves_the_doubt()
    {
        using var client = Calls.Over(async (request, cancellationToken) =>
        {
            request.Content = new ByteArrayContent(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            throw new HttpRequestException("cut");
        });

        Assert.That(await Calls.FailureOfSendAsync(client), Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True);
    }

    private sealed class Stalling(bool takes) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await (takes ? request.Content!.CopyToAsync(Stream.Null, CancellationToken.None) : Task.CompletedTask);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return new HttpResponseMessage();
        }
    }
}
