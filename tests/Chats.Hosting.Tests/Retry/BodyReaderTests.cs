using System.Net.Sockets;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>
/// Handlers of the user that read the text, as those that sign or record do. HttpContent then keeps a copy, and gives it to whoever asks
/// next without telling us: what we know of an attempt must not come from an earlier one.
/// </summary>
internal sealed class BodyReaderTests
{
    private readonly ManualClock _clock = new();
    private readonly List<string> _taken = [];

    [Test]
    public async Task A_text_that_was_read_then_refused_and_then_taken_is_not_sent_again()
    {
        // 420, then the response is lost after the text was taken.
        var thrown = await SendAsync(new Reader(), attempt => attempt == 0);

        Assert.That(_taken, Is.EqualTo(["""{"message":"text"}"""]));
        Assert.That(thrown, Is.InstanceOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True);
    }

    [Test]
    public async Task A_refused_text_that_a_copy_replaced_is_left_to_the_caller()
    {
        var thrown = await SendAsync(new Replacer(), attempt => attempt == 0);

        Assert.That((_taken.Count, thrown.GetType(), thrown.MayHaveBeenSent), Is.EqualTo((0, typeof(ChatsRateLimitException), false)));
    }

    [Test]
    public async Task A_refused_text_that_is_part_of_another_body_is_left_to_the_caller()
    {
        var thrown = await SendAsync(new Wrapper(), _ => true);

        Assert.That(thrown, Is.InstanceOf<ChatsRateLimitException>().With.Property("MayHaveBeenSent").False);
    }

    private async Task<ChatsException> SendAsync(DelegatingHandler reader, Func<int, bool> isRefused)
    {
        using var service = new StubHandler(async (request, attempt, token) =>
        {
            // As a connection does it, which keeps nothing.
            using var wire = new MemoryStream();
            await request.Content!.CopyToAsync(wire, token);
            var text = System.Text.Encoding.UTF8.GetString(wire.ToArray());
            if (isRefused(attempt))
            {
                return StubHandler.Response(request, 420, "Hit rate limit of '4' parallel requests for");
            }

            _taken.Add(text);
            throw new HttpRequestException("reset", new SocketException((int)SocketError.ConnectionReset));
        });
        reader.InnerHandler = service;
        var client = Pipeline.Create(
            _clock, reader, Pipeline.Limiter(_clock, 1000), new ChatsHostingOptions(), TimeSpan.FromSeconds(15));
        return (ChatsException)(await _clock.FailureOfAsync(() => client.SendMessageToChatAsync(1, 2, "text")))!;
    }

    internal sealed class Reader : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.ReadAsStringAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>As one that compresses.</summary>
    private sealed class Wrapper : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content!;
            request.Content = new MultipartContent { body };
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Replacer : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Content = new StringContent(await request.Content!.ReadAsStringAsync(cancellationToken));
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
