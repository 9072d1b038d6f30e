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
        Case("none", Quoting, nameof(HttpRequestException), null),
        Case("none, by another name", new IOException("mine", Quoting), nameof(IOException), null),
        Case("one that contains a quotation", new TaskCanceledException("mine", new TimeoutException("b", new TaskCanceledException("c", Quoting))),
            "timed out", null, isTimeout: true),
        Case("one that contains a quotation, of TLS", new HttpRequestException("mine", new AuthenticationException("b", Quoting)),
            nameof(AuthenticationException), null),
        Case("not the caller's cancellation", new OperationCanceledException("mine", new CancellationToken(canceled: true)),
            nameof(OperationCanceledException), null),
        Case("a defect", new InvalidOperationException("mine"), nameof(InvalidOperationException), null, isTransient: false),
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
            using var client = Clients.Throwing(thrown, readsBody);

            var failure = await Assert.ThrowsAsync<ChatsConnectionException>(() => client.CallAsync(read));

            Assert.That(
                (failure!.MayHaveBeenSent, failure.IsTimeout, failure.IsTransient), Is.EqualTo((readsBody, isTimeout, isTransient)));
            Assert.That(failure.InnerException?.GetType(), Is.EqualTo(kept));
            Assert.That(failure.Message, Does.Contain(words).And.Not.Contain("mine"));
            Assert.That(Canary.PlacesIn(failure), Is.Empty);
        }
    }

    private static TestCaseData Case(string name, Exception thrown, string words, Type? kept, bool isTimeout = false, bool isTransient = true) =>
        new TestCaseData(thrown, words, kept, isTimeout, isTransient).SetArgDisplayNames(name);
}
