using YandexMarket.Chats.Tests.Failures.Matrix;
using static YandexMarket.Chats.Tests.Handlers;

namespace YandexMarket.Chats.Tests.SendOnce;

/// <summary>
/// A handler that reads the body, as one that logs does, makes HttpContent keep the bytes, and a retry handler around it then sends them again
/// without asking for the text. No response proves any more that nothing was sent, unless our own handler, put last, counts what is sent.
/// </summary>
internal sealed class HandlerChainTests
{
    // Longer than what .NET sends after a rejection in any case, with Expect: 100-continue.
    private static readonly string _text = string.Concat(Enumerable.Repeat(Canary.Text, 50));

    internal delegate Task<HttpResponseMessage> Respond(HttpRequestMessage request, List<string> texts);

    private static IEnumerable<TestCaseData> Cases =>
    [
        .. Case("a retry of a text that a handler has read", [420, 429, 401, 400], texts: 2, mayHaveBeenSent: true,
            (service, _) => Before(Before(service, ForeignHandler.ReadBody), RetryAsync), status => [Read(503), Read(status)]),
        .. Case("a text that a handler has read, before our last handler", [420, 400], texts: 1, mayHaveBeenSent: false,
            (service, _) => Before(new ChatsSendOnceHandler(service), ForeignHandler.ReadBody), status => [Read(status)]),
        .. Case("a status that a handler made up, before our last handler", [429, 400], texts: 1, mayHaveBeenSent: true,
            (service, status) => Before(new ChatsSendOnceHandler(service), FallBackTo(status)), _ => [ReadAndReset]),
        .. Case("a response that a handler made up after a text was streamed", [429, 400], texts: 1, mayHaveBeenSent: true,
            (service, _) => Before(service, RetryAsync), status => [Read(503), MakeUp(status)]),
        .. Case("a response that a handler made up after a second send was refused", [429], texts: 1, mayHaveBeenSent: true,
            (service, status) => Before(Before(service, RetryAsync), FallBackTo(status, new StringContent("{}"))), _ => [Read(503)]),
        .. Case("a test double that reads the text and refuses it", [420], texts: 1, mayHaveBeenSent: false,
            (service, _) => service, status => [ReadAndMakeUp(status)]),
        // After Expect: 100-continue a rejection may come before the text is read, and then proves nothing about another attempt.
        .. Case("a rejection before the text was read, then a lost response, before our last handler", [429, 400], texts: 1, mayHaveBeenSent: true,
            (service, status) => Before(Before(new ChatsSendOnceHandler(service), RetryAsync), FallBackTo(status, new StringContent("{}"))),
            _ => [Reject(401), ReadAndReset]),
        .. Case("a connection that failed before the text was read, then a rejection, before our last handler", [429, 400], texts: 1, mayHaveBeenSent: false,
            (service, _) => Before(new ChatsSendOnceHandler(service), RetryAsync), status => [Fail, Read(status)]),
        .. Case("a second attempt that is rejected while the first is sent, before our last handler", [420, 400], texts: 1, mayHaveBeenSent: true,
            (service, _) => Before(new ChatsSendOnceHandler(service), HedgeAsync), Hedged),
        .. Case("a lost response, then a rejection before the text was read", [420, 429, 401, 404], texts: 1, mayHaveBeenSent: true,
            (service, _) => Before(Before(service, Asking), RetryAsync), status => [ReadAndReset, Reject(status)]),
        .. Case("a rejection before the text was read", [420, 401], texts: 0, mayHaveBeenSent: false, (service, _) => Before(service, Asking), status => [Reject(status)]),
        Case("a retry of a text that was not read", Ends.Result, texts: 1, mayHaveBeenSent: false, service => Before(service, RetryAsync), Fail, Read(200)),
        Case("a good response, whatever was tried before it", Ends.Result, texts: 1, mayHaveBeenSent: false, service => service, ReadTwice),
        Case("a replaced text", Ends.Lost, texts: 0, mayHaveBeenSent: true, service => service, ReplaceAndFail),
        Case("a wrapped text, before our last handler", Ends.Result, texts: 1, mayHaveBeenSent: false,
            service => Before(new ChatsSendOnceHandler(service), Wrapping(times: 1)), Read(200)),
        Case("a text that is wrapped twice, before our last handler", Ends.Lost, texts: 1, mayHaveBeenSent: true,
            service => Before(new ChatsSendOnceHandler(service), Wrapping(times: 2)), Read(200)),
    ];

    [TestCaseSource(nameof(Cases))]
    public async Task A_status_is_proof_only_if_the_text_cannot_have_been_sent_before(
        Func<HttpMessageHandler, HttpMessageHandler> handlers, Respond[] service, Ends ends, int texts, bool mayHaveBeenSent)
    {
        var seen = new List<string>();
        using var client = Clients.Over(handlers(new StubHandler((request, attempt, _) => service[Math.Min(attempt, service.Length - 1)](request, seen))));

        var failure = await Clients.FailureOfAsync(() => client.SendMessageToChatAsync(1, 2, _text));

        Assert.That(Ends.Of(failure) with { Codes = "" }, Is.EqualTo(ends));
        Assert.That((failure as ChatsException)?.MayHaveBeenSent ?? false, Is.EqualTo(mayHaveBeenSent));
        Assert.That(seen, Has.Count.EqualTo(texts).And.All.Contains($$"""{"message":"{{_text}}"}"""));
        if (failure is ChatsApiException)
        {
            Assert.That(failure.Message, mayHaveBeenSent
                ? Does.Contain("put a ChatsSendOnceHandler last, which counts what is sent").And.Contain("look into the chat")
                : Does.EndWith("The message was not sent."));
        }
    }

    /// <summary>The network: it streams the text.</summary>
    private static Respond Read(int status) => async (request, texts) =>
    {
        texts.Add(await StubHandler.BodyAsync(request));
        return StubHandler.Response(request, status);
    };

    private static async Task<HttpResponseMessage> ReadAndReset(HttpRequestMessage request, List<string> texts)
    {
        texts.Add(await StubHandler.BodyAsync(request));
        throw new HttpRequestException("reset");
    }

    private static async Task<HttpResponseMessage> ReadTwice(HttpRequestMessage request, List<string> texts)
    {
        texts.Add(await StubHandler.BodyAsync(request));
        await Clients.FailureOfAsync(() => StubHandler.ReadAsync(request));
        return StubHandler.Json(Responses.Sent);
    }

    private static Task<HttpResponseMessage> ReplaceAndFail(HttpRequestMessage request, List<string> texts)
    {
        request.Content = new StringContent("the text, from elsewhere");
        throw new HttpRequestException("cut");
    }

    private static Task<HttpResponseMessage> Fail(HttpRequestMessage request, List<string> texts) => throw new HttpRequestException("no route");

    private static Respond Reject(int status) => (request, _) => Task.FromResult(StubHandler.Response(request, status));

    /// <summary>The first of two attempts is read while the second one is rejected, and then lost.</summary>
    private static Respond[] Hedged(int status)
    {
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return
        [
            async (request, texts) =>
            {
                await second.Task;
                return await ReadAndReset(request, texts);
            },
            (request, texts) =>
            {
                second.SetResult();
                return Reject(status)(request, texts);
            },
        ];
    }

    private static async Task<HttpResponseMessage> HedgeAsync(
        HttpRequestMessage request, Func<HttpRequestMessage, Task<HttpResponseMessage>> next, CancellationToken cancellationToken)
    {
        var (first, second) = (next(request), next(request));
        await Clients.FailureOfAsync(() => first);
        return await second;
    }

    private static Task<HttpResponseMessage> Asking(
        HttpRequestMessage request, Func<HttpRequestMessage, Task<HttpResponseMessage>> next, CancellationToken cancellationToken)
    {
        request.Headers.ExpectContinue = true;
        return next(request);
    }

    private static ForeignHandler.Behavior Wrapping(int times) => async (request, next, _) =>
    {
        var text = request.Content!;
        HttpResponseMessage? response = null;
        for (var time = 0; time < times; time++)
        {
            response?.Dispose();
            request.Content = new MultipartContent("mixed") { text };
            response = await next(request);
        }

        return response!;
    };

    private static Respond MakeUp(int status) => (_, _) => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status));

    private static Respond ReadAndMakeUp(int status) => async (request, texts) =>
    {
        texts.Add(await request.Content!.ReadAsStringAsync());
        return new((HttpStatusCode)status) { Content = new StringContent("{}") };
    };

    private static IEnumerable<TestCaseData> Case(
        string name, int[] statuses, int texts, bool mayHaveBeenSent, Func<HttpMessageHandler, int, HttpMessageHandler> handlers, Func<int, Respond[]> service) =>
        statuses.Select(status => Case(
            $"{name}, {status}", status is 420 or 429 ? Ends.Limited(status) : Ends.Status(status), texts, mayHaveBeenSent, inner => handlers(inner, status), service(status)));

    private static TestCaseData Case(
        string name, Ends ends, int texts, bool mayHaveBeenSent, Func<HttpMessageHandler, HttpMessageHandler> handlers, params Respond[] service) =>
        new TestCaseData(handlers, service, ends, texts, mayHaveBeenSent).SetArgDisplayNames(name);
}
