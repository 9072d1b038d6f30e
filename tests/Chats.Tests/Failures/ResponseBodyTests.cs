using System.Net;
using System.Text;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>Bodies that cannot be read, and streams that misbehave.</summary>
public sealed class ResponseBodyTests
{
    [Test]
    public async Task A_body_that_says_that_it_is_too_long_is_not_waited_for()
    {
        using var client = Responding(() => new StreamBody(() => new Failing(new NotSupportedException("It was read.")), 16), maxBytes: 15);

        Assert.That(await Calls.FailureOfSendAsync(client), Is.TypeOf<ChatsResponseException>().With.Property("StatusCode").EqualTo(200));
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
            using var client = Responding(() => new StreamBody(() => new Piecemeal(body, atOnce), stated), maxBytes: int.MaxValue);

            Assert.That((await client.GetChatMessageAsync(1, 2, 3)).Message, Is.EqualTo(text));
        }
    }

    [Test]
    public async Task A_stream_that_throws_anything_leaves_MayHaveBeenSent_as_it_is()
    {
        var defect = new NotSupportedException("mine");
        using var client = Responding(() => new StreamBody(() => throw defect, length: null));

        Assert.That(await Calls.FailureOfSendAsync(client), Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True.And.Property("IsTransient").False);
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

        var failure = await Calls.FailureOfReadAsync(client);

        Assert.That(failure, Is.TypeOf<ChatsResponseException>().With.InnerException.Null);
        Assert.That(failure!.Message, Does.Contain(reason).And.EndWith("Nothing was changed."));
        Assert.That(Canary.PlacesIn(failure), Is.Empty);
    }

    [Test]
    public async Task Invalid_UTF_8_and_broken_compression_are_told_apart()
    {
        using var latin = Responding(() => new ByteArrayContent([(byte)'"', 0xE9, (byte)'"']));
        using var zip = Responding(() => new StreamBody(() => new Failing(new InvalidDataException(Canary.Echo)), length: null));

        Assert.That((await Calls.FailureOfReadAsync(latin))!.Message, Does.Contain("it is not UTF-8"));
        Assert.That((await Calls.FailureOfReadAsync(zip))!.Message, Does.Contain("its compression is broken").And.Not.Contain("CANARY"));
    }

#if CHATS_NETSTANDARD
    [Test]
    public async Task A_stream_that_ends_when_it_is_closed_has_not_delivered_the_whole_body()
    {
        var clock = new ManualClock();
        var stalling = new EndsWhenClosed(Encoding.UTF8.GetBytes(Calls.Good));
        using var client = Responding(() => new StreamBody(() => stalling, length: null), clock: clock);
        var call = Calls.FailureOfSendAsync(client);
        await stalling.Stalled.Task;

        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.That(await call, Is.TypeOf<ChatsConnectionException>().With.Property("IsTimeout").True);
    }

    /// <summary>As streams of .NET Framework: it ignores tokens, and ends when it is closed.</summary>
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

    private static ChatsClient Responding(Func<HttpContent> content, int maxBytes = 1 << 20, ManualClock? clock = null)
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
