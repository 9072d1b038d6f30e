using System.ComponentModel;
using System.Security.Authentication;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>
/// What the network or a message handler throws: MayHaveBeenSent is what the bytes prove, and the cause is the inner exception where it cannot
/// quote a response, and only there.
/// </summary>
public sealed class CauseTests
{
    // As .NET words it when something arrives that is not HTTP.
    private static HttpRequestException Quoting => new($"Received an invalid status line: '{Canary.Echo}'.");

    private static SocketException Reset => new((int)SocketError.ConnectionReset);

    private static IEnumerable<TestCaseData> Thrown =>
    [
        Case("a socket's", new HttpRequestException("mine", Reset), "SocketException ConnectionReset", typeof(SocketException)),
        Case("a socket's, deep inside", new IOException("mine", new IOException("b", Reset)), "SocketException ConnectionReset", typeof(SocketException)),
        Case("TLS's", new HttpRequestException("mine", new AuthenticationException("b")), nameof(AuthenticationException), typeof(AuthenticationException)),
        Case("a socket's under TLS's", new HttpRequestException("mine", new AuthenticationException("b", new IOException("c", Reset))),
            nameof(AuthenticationException), typeof(SocketException)),
        Case("a socket's inside TLS's", new HttpRequestException("mine", new AuthenticationException("b", Reset)),
            nameof(AuthenticationException), typeof(AuthenticationException)),
        Case("a time-out's", new TaskCanceledException("mine", new TimeoutException("b")), "timed out", typeof(TimeoutException), isTimeout: true),
        Case("a socket's under a timeout's", new TaskCanceledException("mine", new TimeoutException("b", new IOException("c", Reset))),
            "timed out", typeof(SocketException), isTimeout: true),
        Case("a handler's timeout", new TimeoutException("mine"), "timed out", typeof(TimeoutException), isTimeout: true),
        Case("TLS's, worded by a handler", new HttpRequestException("mine", new AuthenticationException(Canary.Key)),
            nameof(AuthenticationException), typeof(AuthenticationException)),
        Case("TLS's, worded by a handler, alone", new AuthenticationException(Canary.Key), nameof(AuthenticationException), typeof(AuthenticationException)),
        Case("the system's, worded by a handler", new Win32Exception(5, Canary.Text), nameof(Win32Exception), typeof(Win32Exception)),
#if !CHATS_NETSTANDARD
        Case("a socket's, worded by a handler", new SocketException((int)SocketError.ConnectionReset, Canary.Text),
            "SocketException ConnectionReset", typeof(SocketException)),
#endif
        Case("another call's", new ChatsConnectionException(Canary.Text, new("another", HttpMethod.Post, "", [], 1), mayHaveBeenSent: true), nameof(ChatsConnectionException), null),
        Case("none", Quoting, nameof(HttpRequestException), null),
        Case("none, by another name", new IOException("mine", Quoting), nameof(IOException), null),
        Case("one that contains a quotation", new TaskCanceledException("mine", new TimeoutException("b", new TaskCanceledException("c", Quoting))),
            "timed out", null, isTimeout: true),
        Case("one that contains a quotation, of TLS", new HttpRequestException("mine", new AuthenticationException("b", Quoting)),
            nameof(AuthenticationException), null),
        Case("a quotation under a cancellation", new TaskCanceledException("mine", Quoting), "CanceledException", null),
        Case("not the caller's cancellation", new OperationCanceledException("mine", new CancellationToken(canceled: true)),
            nameof(OperationCanceledException), null),
        Case("a defect", new InvalidOperationException("mine"), nameof(InvalidOperationException), null, isTransient: false),
        Case("a disposed HttpClient's", new ObjectDisposedException("mine"), nameof(ObjectDisposedException), null, isTransient: false),
        Case("another defect", new NotSupportedException("mine"), nameof(NotSupportedException), null, isTransient: false),
#if !CHATS_NETSTANDARD
        Case("none, with .NET's own reason", new HttpRequestException(HttpRequestError.InvalidResponse, Canary.Echo),
            nameof(HttpRequestError.InvalidResponse), null),
#endif
    ];

    [TestCaseSource(nameof(Thrown))]
    public async Task What_is_thrown_is_wrapped_with_MayHaveBeenSent_and_a_cause_that_quotes_nothing(
        Exception thrown, string words, Type? kept, bool isTimeout, bool isTransient)
    {
        foreach (var (read, readsBody) in new[] { (true, false), (false, false), (false, true) })
        {
            using var client = Clients.Over(async (request, _) =>
            {
                await (readsBody ? StubHandler.ReadAsync(request) : Task.CompletedTask);
                throw thrown;
            });

            var failure = await Assert.ThrowsAsync<ChatsConnectionException>(() => client.CallAsync(read));

            Assert.That(
                (failure!.MayHaveBeenSent, failure.IsTimeout, failure.IsTransient), Is.EqualTo((readsBody, isTimeout, isTransient)));
            Assert.That(failure.InnerException?.GetType(), Is.EqualTo(kept));
            Assert.That(failure.Message, Does.Contain(words).And.Not.Contain("mine"));
            Assert.That(Canary.PlacesIn(failure), Is.Empty);
        }
    }

    [TestCaseSource(nameof(Thrown))]
    public async Task What_the_last_handler_throws_can_be_logged_by_those_before_it(
        Exception thrown, string words, Type? kept, bool isTimeout, bool isTransient)
    {
        foreach (var read in new[] { true, false })
        {
            Exception? logged = null;
            using var client = Clients.Over(Handlers.Before(new ChatsSendOnceHandler(new StubHandler((_, _) => throw thrown)), async (request, next, _) =>
            {
                logged = await Clients.FailureOfAsync(() => next(request));
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(logged!);
                return null!;
            }));

            var failure = await Assert.ThrowsAsync<ChatsConnectionException>(() => client.CallAsync(read));

            Assert.That((failure!.MayHaveBeenSent, failure.IsTimeout, failure.IsTransient), Is.EqualTo((false, isTimeout, isTransient)));
            // A timeout gets one of its own around its cause.
            if (!isTimeout)
            {
                Assert.That(failure.InnerException?.GetType(), Is.EqualTo(kept));
                Assert.That(failure.Message, Does.Contain(kept?.Name ?? ""));
            }

            if (thrown is HttpRequestException or IOException or OperationCanceledException { InnerException: not null })
            {
                Assert.That(Canary.PlacesIn(logged!), Is.Empty);
                Assert.That($"{logged}", Does.Not.Contain("mine"));
                Assert.That(logged, thrown is OperationCanceledException ? Is.InstanceOf<OperationCanceledException>() : Is.InstanceOf<HttpRequestException>());
#if !CHATS_NETSTANDARD
                Assert.That((logged as HttpRequestException)?.HttpRequestError, Is.EqualTo(
                    logged is HttpRequestException ? (thrown as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown : null));
#endif
            }
            else
            {
                Assert.That(logged, Is.SameAs(thrown), "What cannot quote a response passes as it is.");
            }
        }
    }

    [Test]
    public async Task A_connection_failure_says_to_where_but_not_for_which_chat([Values] bool read)
    {
        using var nobody = new ClosedPort();
        using var client = Clients.At(nobody.Address);

        var failure = await Clients.FailureOfAsync(() => client.CallAsync(read));

        Assert.That(failure!.Message, Does.Contain($": no complete response arrived from 127.0.0.1:{nobody.Address.Port}: SocketException ConnectionRefused. "));
    }

#if !CHATS_NETSTANDARD
    [Test]
    public async Task What_TLS_says_of_a_certificate_is_kept()
    {
        await using var server = new RawServer(connection => connection.SecureAsync(SelfSigned.Certificate));
        // Unlike our own, it has no timeout for the handshake, which a busy machine would exceed.
        using var http = new HttpClient();
        using var client = new ChatsClient(http, Clients.Options(server.SecureAddress));

        var failure = await client.FailureOfSendAsync();

        Assert.That(failure!.InnerException, Is.TypeOf<AuthenticationException>().With.Message.Contains("certificate"));
    }
#endif

    private static TestCaseData Case(string name, Exception thrown, string words, Type? kept, bool isTimeout = false, bool isTransient = true) =>
        new TestCaseData(thrown, words, kept, isTimeout, isTransient).SetArgDisplayNames(name);
}
