using System.Net.Sockets;
using System.Security.Authentication;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>The cause is the inner exception where it cannot quote a response, and only there.</summary>
public class CauseTests
{
    // As .NET words it when something arrives that is not HTTP.
    private static HttpRequestException Quoting => new($"Received an invalid status line: '{Canary.Echo}'.");

    private static IEnumerable<TestCaseData> Kept =>
    [
        Case("a socket's", new HttpRequestException("a", Reset), typeof(SocketException)),
        Case("a socket's, deep inside", new HttpRequestException("a", new IOException("b", new IOException("c", Reset))), typeof(SocketException)),
        Case("TLS's", new HttpRequestException("a", new AuthenticationException("b")), typeof(AuthenticationException)),
        Case("a time-out's", new TaskCanceledException("a", new TimeoutException("b")), typeof(TimeoutException)),
        Case("a socket's under a time-out's", new TaskCanceledException("a", new TimeoutException("b", new IOException("c", Reset))), typeof(SocketException)),
        Case("a socket's under TLS's", new HttpRequestException("a", new AuthenticationException("b", new IOException("c", Reset))), typeof(SocketException)),
        Case("a socket's inside TLS's", new HttpRequestException("a", new AuthenticationException("b", Reset)), typeof(AuthenticationException)),
        Case("none", Quoting, null),
        Case("none, by another name", new IOException("a", Quoting), null),
        Case("one that holds a quotation", new TaskCanceledException("a", new TimeoutException("b", new TaskCanceledException("c", Quoting))), null),
        Case("one that holds a quotation, of TLS", new HttpRequestException("a", new AuthenticationException("b", Quoting)), null),
    ];

    private static SocketException Reset => new((int)SocketError.ConnectionReset);

    [TestCaseSource(nameof(Kept))]
    public async Task The_inner_exception_is(Exception thrown, Type? kept)
    {
        foreach (var failure in new[]
        {
            await Clients.Throwing(thrown).FailureOfReadAsync(), await Clients.Throwing(thrown, readsBody: true).FailureOfSendAsync(),
        })
        {
            Assert.That(failure, Is.TypeOf<ChatsConnectionException>());
            Assert.That(failure!.InnerException?.GetType(), Is.EqualTo(kept));
            Assert.That(Canary.PlacesIn(failure), Is.Empty);
        }
    }

    [Test]
    public async Task The_message_names_the_cause_even_where_it_is_left_out()
    {
        foreach (var (thrown, name) in new (Exception, string)[]
        {
            (Quoting, nameof(HttpRequestException)),
            (new IOException("a", Reset), "SocketException ConnectionReset"),
            (new HttpRequestException("a", new AuthenticationException("b")), nameof(AuthenticationException)),
#if !CHATS_NETSTANDARD
            (new HttpRequestException(HttpRequestError.InvalidResponse, Canary.Echo), nameof(HttpRequestError.InvalidResponse)),
#endif
        })
        {
            Assert.That((await Clients.Throwing(thrown).FailureOfReadAsync())!.Message, Does.Contain(name));
        }
    }

    private static TestCaseData Case(string name, Exception thrown, Type? kept) => new TestCaseData(thrown, kept).SetArgDisplayNames(name);
}
