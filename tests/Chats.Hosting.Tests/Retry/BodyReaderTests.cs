using System.Net.Sockets;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>
/// Handlers of the user that read the text or replace the body: what we know of an attempt must not come from an earlier one.
/// </summary>
internal sealed class BodyReaderTests
{
    private readonly ManualClock _clock = new();
    private readonly List<string> _taken = [];

    [Test]
    public async Task A_text_that_was_read_then_refused_and_then_taken_is_not_sent_again()
    {
        // 420, then the response is lost after the text was taken.
        var thrown = await SendAsync(ForeignHandler.ReadBody, attempt => attempt == 0);

        Assert.That(_taken, Is.EqualTo(["""{"message":"text"}"""]));
        Assert.That(thrown, Is.InstanceOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True);
    }

    [Test]
    public async Task A_refused_text_that_a_copy_replaced_is_left_to_the_caller()
    {
        var thrown = await SendAsync(
            async (request, next, token) =>
            {
                request.Content = new StringContent(await request.Content!.ReadAsStringAsync(token));
                return await next(request);
            },
            attempt => attempt == 0);

        Assert.That((_taken.Count, thrown.GetType(), thrown.MayHaveBeenSent), Is.EqualTo((0, typeof(ChatsRateLimitException), false)));
    }

    [Test]
    public async Task A_refused_text_that_is_part_of_another_body_is_left_to_the_caller()
    {
        // As one that compresses.
        var thrown = await SendAsync(
            (request, next, _) =>
            {
                var body = request.Content!;
                request.Content = new MultipartContent { body };
                return next(request);
            },
            _ => true);

        Assert.That(thrown, Is.InstanceOf<ChatsRateLimitException>().With.Property("MayHaveBeenSent").False);
    }

    private async Task<ChatsException> SendAsync(ForeignHandler.Behavior handler, Func<int, bool> isRefused)
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
        using var foreign = new ForeignHandler(handler) { InnerHandler = service };
        var client = Pipeline.Create(_clock, foreign);
        return (ChatsException)(await _clock.FailureOfAsync(() => client.SendMessageToChatAsync(1, 2, "text")))!;
    }
}
