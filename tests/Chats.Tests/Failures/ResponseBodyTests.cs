using System.Net;
using System.Text;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>Bodies at the edges of what is allowed, and streams that behave as badly as streams may.</summary>
public class ResponseBodyTests
{
    [Test]
    public async Task A_body_that_says_that_it_is_too_long_is_not_waited_for()
    {
        using var client = Answering(() => new StreamBody(() => new Failing(new NotSupportedException("It was read.")), 16), maxBytes: 15);

        Assert.That(await Calls.FailureOfSendAsync(client), Is.TypeOf<ChatsResponseException>().With.Property("StatusCode").EqualTo(200));
    }

    [TestCase(15, 1)]
    [TestCase(4096, 7)]
    [TestCase(10_000, 4096)]
    [TestCase(300_000, 65_536)]
    public async Task A_text_comes_whole_however_the_bytes_come(int length, int atOnce)
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('а' + (i % 32))));
        var body = Encoding.UTF8.GetBytes(
            $$$"""{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"CUSTOMER","message":"{{{text}}}"}}""");
        foreach (var stated in new long?[] { null, body.Length })
        {
            using var client = Answering(() => new StreamBody(() => new Piecemeal(body, atOnce), stated), maxBytes: int.MaxValue);

            Assert.That((await client.GetChatMessageAsync(1, 2, 3)).Message, Is.EqualTo(text));
        }
    }

    [Test]
    public async Task A_defect_of_the_stream_leaves_the_verdict()
    {
        var defect = new NotSupportedException("mine");
        using var client = Answering(() => new StreamBody(() => throw defect, length: null));

        Assert.That(await Calls.FailureOfSendAsync(client), Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True.And.Property("IsTransient").False);
    }

    [TestCase("""{"status":"OK","result":7}""", "ChatMessage is not an object")]
    [TestCase("""{"status":"OK"}""", "it holds no result")]
    [TestCase("", "it is empty, or ends early")]
    [TestCase("{", "it is empty, or ends early")]
    [TestCase("{\n  TEXTCANARY", "it is not JSON (line 2, position")]
    [TestCase("{'status':'OK'}", "it is not strict JSON")]
    public async Task What_is_wrong_with_an_answer_is_told_without_quoting_it(string body, string told)
    {
        using var client = Answering(() => new StringContent(body));

        var failure = await Calls.FailureOfReadAsync(client);

        Assert.That(failure, Is.TypeOf<ChatsResponseException>().With.Message.Contains(told).And.InnerException.Null);
        Assert.That(Canary.PlacesIn(failure!), Is.Empty);
    }

    [Test]
    public async Task The_doubt_is_told_in_words_too()
    {
        using var client = Answering(() => new StringContent("{}"));

        Assert.That((await Calls.FailureOfReadAsync(client))!.Message, Does.EndWith("Nothing was changed."));
        Assert.That((await Calls.FailureOfSendAsync(client))!.Message, Does.Contain("200").And.EndWith("look into the chat before it is sent again."));
    }

    [Test]
    public async Task Bytes_that_are_no_UTF8_and_compression_that_is_broken_are_told_apart()
    {
        using var latin = Answering(() => new ByteArrayContent([(byte)'"', 0xE9, (byte)'"']));
        using var zip = Answering(() => new StreamBody(() => new Failing(new InvalidDataException(Canary.Echo)), length: null));

        Assert.That((await Calls.FailureOfReadAsync(latin))!.Message, Does.Contain("it is not UTF-8"));
        Assert.That((await Calls.FailureOfReadAsync(zip))!.Message, Does.Contain("its compression is broken").And.Not.Contain("CANARY"));
    }

#if CHATS_NETSTANDARD
    [Test]
    public async Task A_stream_that_ends_quietly_when_it_is_closed_has_not_brought_a_whole_body()
    {
        var clock = new ManualClock();
        var stalling = new EndsWhenClosed(Encoding.UTF8.GetBytes(Calls.Good));
        using var client = Answering(() => new StreamBody(() => stalling, length: null), clock: clock);
        var call = Calls.FailureOfSendAsync(client);
        await stalling.Stalled.Task;

        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.That(await call, Is.TypeOf<ChatsConnectionException>().With.Property("IsTimeout").True);
    }

    /// <summary>As streams of .NET Framework may: deaf to tokens, and at its end when it is closed.</summary>
    private sealed class EndsWhenClosed(byte[] begun) : MemoryStream(begun)
    {
        private readonly TaskCompletionSource<int> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Stalled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            if (Position < Length)
            {
                return await base.ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None);
            }

            Stalled.TrySetResult();
            return await _closed.Task;
        }

        protected override void Dispose(bool disposing)
        {
            _closed.TrySetResult(0);
            base.Dispose(disposing);
        }
    }
#endif

    private static ChatsClient Answering(Func<HttpContent> content, int maxBytes = 1 << 20, ManualClock? clock = null)
    {
        var options = Calls.Options(clock);
        options.MaxResponseBytes = maxBytes;
        return Calls.Over((_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content() }), options);
    }

    private sealed class Piecemeal(byte[] bytes, int atOnce) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(atOnce, buffer.Length)], cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, Math.Min(atOnce, count)), cancellationToken).AsTask();
    }

    private sealed class Failing(Exception failure) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw failure;

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => throw failure;
    }
}
