using System.Net;

namespace YandexMarket.Chats.Tests.SendOnce;

/// <summary>
/// A handler that reads the body, as one that logs does, makes HttpContent keep the bytes, and a retry handler around it then sends them again
/// without asking for the text. No response proves any more that nothing was sent.
/// </summary>
public sealed class BufferedBodyTests
{
    [TestCase(420)]
    [TestCase(429)]
    [TestCase(401)]
    [TestCase(400)]
    public async Task After_a_retry_of_a_text_that_a_handler_has_read_no_status_says_that_nothing_was_sent(int last)
    {
        var texts = 0;
        var service = Service(request => StatusOf(request, ++texts == 1 ? 503 : last));
        using var http = new HttpClient(new Again { InnerHandler = new Reading { InnerHandler = service } });
        using var client = new ChatsClient(http, Calls.Options());

        var failure = (ChatsApiException)(await Calls.FailureOfSendAsync(client))!;

        Assert.That((texts, failure.StatusCode, failure.MayHaveBeenSent), Is.EqualTo((2, last, true)));
        Assert.That(failure, last is 420 or 429 ? Is.TypeOf<ChatsRateLimitException>() : Is.TypeOf<ChatsApiException>());
        Assert.That(failure.Message, Does.Contain("let a ChatsSendOnceHandler, put last, count what is sent").And.Contain("look into the chat"));
    }

    [TestCase(420)]
    [TestCase(400)]
    public async Task With_our_last_handler_the_text_leaves_once_and_a_refusal_is_proof_again(int status)
    {
        var texts = 0;
        var service = Service(request => StatusOf(request, status, _ => texts++));
        using var http = new HttpClient(new Reading { InnerHandler = new ChatsSendOnceHandler(service) });
        using var client = new ChatsClient(http, Calls.Options());

        var failure = (ChatsApiException)(await Calls.FailureOfSendAsync(client))!;

        Assert.That((texts, failure.StatusCode, failure.MayHaveBeenSent), Is.EqualTo((1, status, false)));
    }

    [TestCase(429)]
    [TestCase(400)]
    public async Task A_status_that_a_handler_made_up_proves_nothing_behind_our_last_handler(int madeUp)
    {
        var texts = 0;
        var service = Service(_ =>
        {
            texts++;
            throw new HttpRequestException("reset");
        });
        using var http = new HttpClient(new Fallback(madeUp) { InnerHandler = new ChatsSendOnceHandler(service) });
        using var client = new ChatsClient(http, Calls.Options());

        var failure = (ChatsApiException)(await Calls.FailureOfSendAsync(client))!;

        Assert.That((texts, failure.StatusCode, failure.MayHaveBeenSent), Is.EqualTo((1, madeUp, true)));
    }

    [TestCase(429)]
    [TestCase(400)]
    public async Task A_response_that_a_handler_made_up_proves_nothing_about_what_it_has_streamed_before(int madeUp)
    {
        var texts = 0;
        using var service = new StubHandler(async (request, attempt, _) =>
        {
            if (attempt > 0)
            {
                return new HttpResponseMessage((HttpStatusCode)madeUp);
            }

            await StubHandler.ReadAsync(request);
            texts++;
            return StatusOf(request, 503);
        });
        using var http = new HttpClient(new Again { InnerHandler = service });
        using var client = new ChatsClient(http, Calls.Options());

        var failure = (ChatsApiException)(await Calls.FailureOfSendAsync(client))!;

        Assert.That((texts, failure.StatusCode, failure.MayHaveBeenSent), Is.EqualTo((1, madeUp, true)));
    }

    [Test]
    public async Task No_response_is_proof_after_a_second_send_was_refused()
    {
        using var service = new StubHandler(async (request, attempt, _) =>
        {
            await StubHandler.ReadAsync(request);
            return StatusOf(request, 503);
        });
        using var http = new HttpClient(new Fallback(429, new StringContent("{}")) { InnerHandler = new Again { InnerHandler = service } });
        using var client = new ChatsClient(http, Calls.Options());

        Assert.That(await Calls.FailureOfSendAsync(client), Is.TypeOf<ChatsRateLimitException>().With.Property("MayHaveBeenSent").True);
    }

    [Test]
    public async Task A_test_double_that_reads_the_text_and_refuses_it_is_believed()
    {
        var service = Service(request => StatusOf(null, 420));
        using var http = new HttpClient(service);
        using var client = new ChatsClient(http, Calls.Options());

        Assert.That(await Calls.FailureOfSendAsync(client), Is.TypeOf<ChatsRateLimitException>().With.Property("MayHaveBeenSent").False);
    }

    private static StubHandler Service(Func<HttpRequestMessage, HttpResponseMessage> respond) => new(async (request, cancellationToken) =>
    {
        await request.Content!.ReadAsStringAsync(cancellationToken);
        return respond(request);
    });

    private static HttpResponseMessage StatusOf(HttpRequestMessage? request, int status, Action<int>? seen = null)
    {
        seen?.Invoke(status);
        return new((HttpStatusCode)status) { RequestMessage = request, Content = new StringContent("""{"status":"ERROR"}""") };
    }

    private sealed class Again : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var first = await base.SendAsync(request, cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Reading : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.ReadAsStringAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Fallback(int status, HttpContent? content = null) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (Exception)
            {
                return new((HttpStatusCode)status) { Content = content };
            }
        }
    }
}
