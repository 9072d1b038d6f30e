using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>The decisions of the exception factory, each by itself.</summary>
public class ExceptionFactoryTests
{
    private static IEnumerable<TestCaseData> OfTransport =>
    [
        Case(new HttpRequestException()),
        Case(new HttpIOException(HttpRequestError.ResponseEnded)),
        Case(new IOException()),
        Case(new EndOfStreamException()),
        Case(new OperationCanceledException()),
        Case(new TaskCanceledException("", new TimeoutException())),
        Case(new SocketException((int)SocketError.ConnectionReset)),
        Case(new AuthenticationException()),
        Case(new ObjectDisposedException("System.Net.Sockets.NetworkStream")),
        Case(new ObjectDisposedException(objectName: null)),
    ];

    private static IEnumerable<TestCaseData> OfOthers =>
    [
        Case(new ObjectDisposedException("System.Net.Http.HttpClient")),
        Case(new InvalidOperationException()),
        Case(new TimeoutException()),
        Case(new NotSupportedException()),
        Case(new ArgumentException()),
        Case(new InvalidDataException()),
        Case(new WebException()),
        Case(new AggregateException(new IOException())),
    ];

    [Test]
    public void Exactly_the_statuses_of_the_rule_prove_a_refusal() =>
        Assert.That(Enumerable.Range(-1, 2001).Where(ChatsExceptionFactory.ProvesRefusal), Is.EquivalentTo(Refusals.Statuses));

    [TestCaseSource(nameof(OfTransport))]
    public void A_network_failure_comes_as_one_of_these_exceptions(Exception exception) => Assert.That(NetworkFailure.Is(exception), Is.True);

    [TestCaseSource(nameof(OfOthers))]
    public void Any_other_exception_is_no_network_failure(Exception exception) => Assert.That(NetworkFailure.Is(exception), Is.False);

    [Test]
    public void A_body_that_cannot_be_decompressed_is_told_from_a_connection_that_is_gone()
    {
        Assert.That(NetworkFailure.IsDecompression(new InvalidDataException()), Is.True);
        Assert.That(NetworkFailure.IsDecompression(new InvalidOperationException()), Is.True);
        Assert.That(NetworkFailure.IsDecompression(new ObjectDisposedException("stream")), Is.False);
        Assert.That(NetworkFailure.IsDecompression(new IOException()), Is.False);
    }

    private static TestCaseData Case(Exception exception) => new TestCaseData(exception).SetArgDisplayNames(exception.GetType().Name);
}
