using System.Net;
using System.Text;

namespace YandexMarket.Chats.Tests.Support;

/// <summary>Stands where the network would: a test says what comes back, and sees what was asked.</summary>
internal sealed class AnswerHandler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    private int _calls;

    public AnswerHandler(string json = """{"status":"OK","result":{"messageId":1,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}""")
        : this((_, _) => Task.FromResult(Json(json)))
    {
    }

    public int Calls => _calls;

    public bool IsDisposed { get; private set; }

    public static HttpResponseMessage Json(string json) =>
        new(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return answer(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
