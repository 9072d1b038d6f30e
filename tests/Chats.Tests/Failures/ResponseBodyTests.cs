using System.Text;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>Bodies that cannot be read, and streams that misbehave.</summary>
public sealed class ResponseBodyTests
{
    [Test]
    public async Task A_body_that_says_that_it_is_too_long_is_not_waited_for()
    {
        using var client = Responding(() => new StreamBody(() => Failing(new NotSupportedException("It was read.")), 16), options => options.MaxResponseBytes = 15);

        Assert.That(await client.FailureOfSendAsync(), Is.TypeOf<ChatsResponseException>().With.Property("StatusCode").EqualTo(200));
    }

    [TestCase(15, 1)]
    [TestCase(4096, 7)]
    [TestCase(10_000, 4096)]
    [TestCase(300_000, 65_536)]
    public async Task A_text_is_read_whole_however_its_bytes_arrive(int length, int atOnce)
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('а' + (i % 32))));
        var body = Encoding.UTF8.GetBytes(
            $$$"""{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"CUSTOMER","message":"{{{text}}}"}}""");
        foreach (var stated in new long?[] { null, body.Length })
        {
            using var client = Responding(() => new StreamBody(() => Piecemeal(body, atOnce), stated), options => options.MaxResponseBytes = int.MaxValue);

            Assert.That((await client.GetChatMessageAsync(1, 2, 3)).Message, Is.EqualTo(text));
        }
    }

    [Test]
    public async Task A_stream_that_throws_anything_leaves_MayHaveBeenSent_as_it_is()
    {
        var defect = new NotSupportedException("mine");
        using var client = Responding(() => new StreamBody(() => throw defect, length: null));

        Assert.That(await client.FailureOfSendAsync(), Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True.And.Property("IsTransient").False);
    }

    [TestCase("""{"status":"OK","result":7}""", "ChatMessage is not an object")]
    [TestCase("""{"status":"OK"}""", "it holds no result")]
    [TestCase("", "it is empty, or ends early")]
    [TestCase("{", "it is empty, or ends early")]
    [TestCase("{\n  TEXTCANARY", "it is not JSON (line 2, position")]
    [TestCase("{'status':'OK'}", "it is not strict JSON")]
    public async Task The_message_says_what_is_wrong_with_a_response_without_quoting_it(string body, string reason)
    {
        using var client = Responding(() => new StringContent(body));

        var failure = await client.FailureOfReadAsync();

        Assert.That(failure, Is.TypeOf<ChatsResponseException>().With.InnerException.Null);
        Assert.That(failure!.Message, Does.Contain(reason).And.EndWith("Nothing was changed."));
        Assert.That(Canary.PlacesIn(failure), Is.Empty);
    }

    [Test]
    public async Task Invalid_UTF_8_and_broken_compression_are_told_apart()
    {
        using var latin = Responding(() => new ByteArrayContent([(byte)'"', 0xE9, (byte)'"']));
        using var zip = Responding(() => new StreamBody(() => Failing(new InvalidDataException(Canary.Echo)), length: null));

        Assert.That((await latin.FailureOfReadAsync())!.Message, Does.Contain("it is not UTF-8"));
        Assert.That((await zip.FailureOfReadAsync())!.Message, Does.Contain("its compression is broken").And.Not.Contain("CANARY"));
    }

#if CHATS_NETSTANDARD
    [Test]
    public async Task A_stream_that_ends_when_it_is_closed_has_not_delivered_the_whole_body()
    {
        var clock = new ManualClock();
        var bytes = new MemoryStream(Encoding.UTF8.GetBytes(Responses.Sent));
        var stalls = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var closed = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        // As streams of .NET Framework: it ignores tokens, and ends when it is closed.
        using var stream = new StubStream(async (buffer, _) =>
        {
            if (bytes.Position < bytes.Length)
            {
                return bytes.Read(buffer.Span);
            }

            stalls.TrySetResult();
            return await closed.Task;
        })
        {
            Closed = () => closed.TrySetResult(0),
        };
        using var client = Responding(() => new StreamBody(() => stream, length: null), options => options.TimeProvider = clock);
        var call = client.FailureOfSendAsync();
        await stalls.Task;

        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.That(await call, Is.TypeOf<ChatsConnectionException>().With.Property("IsTimeout").True);
    }
#endif

    private static ChatsClient Responding(Func<HttpContent> content, Action<ChatsClientOptions>? change = null) =>
        Clients.Over((_, _) => Task.FromResult(new HttpResponseMessage { Content = content() }), change);

    private static StubStream Piecemeal(byte[] bytes, int atOnce)
    {
        var from = new MemoryStream(bytes);
        return new((buffer, cancellationToken) => from.ReadAsync(buffer[..Math.Min(atOnce, buffer.Length)], cancellationToken));
    }

    private static StubStream Failing(Exception failure) => new((_, _) => throw failure);
}
