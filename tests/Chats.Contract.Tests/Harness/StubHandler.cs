using System.Net;
using System.Text;

namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>Answers every request with the same body, and keeps the requests.</summary>
internal sealed class StubHandler(string answer, HttpStatusCode status = HttpStatusCode.OK) : HttpMessageHandler
{
    /// <summary>A request as it went out: its method and address, its body, its headers.</summary>
    public sealed record Request(string Line, string? Body, IReadOnlyDictionary<string, string> Headers);

    public List<Request> Requests { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(new Request(
            $"{request.Method} {request.RequestUri}",
            request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken),
            request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value))));
        return new HttpResponseMessage(status) { Content = new StringContent(answer, Encoding.UTF8, "application/json"), RequestMessage = request };
    }
}
