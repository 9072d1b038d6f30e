using System.Buffers;
using System.Text;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats.Tests.Readers;

/// <summary>
/// The body of a send lies in pooled bytes: they must go back once, and not while anybody still writes them, or one buyer would get the
/// text of another. Alone, because it watches the shared pool.
/// </summary>
[NonParallelizable]
public sealed class RequestBodyTests
{
    // A size of its own, so that nothing else in the process rents from the same shelf.
    private const int Letters = 300_000;

    [Test]
    public async Task It_states_its_length_and_remembers_whether_it_was_asked()
    {
        using var body = Body("Привет");

        Assert.That((body.Headers.ContentLength, $"{body.Headers.ContentType}"), Is.EqualTo(((long?)26, "application/json")));
        Assert.That(body.WasAsked, Is.False, "the length alone");
        Assert.That(await body.ReadAsStringAsync(), Is.EqualTo("""{"message":"Привет"}"""));
        Assert.That(body.WasAsked);
    }

    [Test]
    public async Task It_is_written_once_and_the_next_attempt_gets_another_one()
    {
        using var body = Body("text");
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        using var third = new MemoryStream();

        await body.CopyToAsync(first);
        Assert.That(body.WasRepeated, Is.False);
        await Assert.ThrowsAsync<HttpRequestException>(() => body.CopyToAsync(second));
        Assert.That(body.WasRepeated);
        using var again = body.Again()!;
        Assert.That((again.WasAsked, again.WasRepeated), Is.EqualTo((false, false)));
        Assert.That(again.Headers.ToString(), Is.EqualTo(body.Headers.ToString()));
        await again.CopyToAsync(third);

        Assert.That(second.Length, Is.Zero);
        Assert.That(third.ToArray(), Is.EqualTo(first.ToArray()).And.EqualTo("""{"message":"text"}"""u8.ToArray()));
    }

    [Test]
    public async Task Another_one_knows_nothing_of_a_copy_that_was_kept_for_a_reader()
    {
        using var body = Body("text");
        await body.ReadAsStringAsync();
        using var again = body.Again()!;

        await again.ReadAsStringAsync();

        Assert.That((again.WasAsked, again.WasRepeated), Is.EqualTo((true, false)));
    }

    [Test]
    public void Of_one_that_was_disposed_there_is_no_other()
    {
        var body = Body("text");
        body.Dispose();

        Assert.That(body.Again(), Is.Null);
    }

    [Test]
    public async Task It_passes_to_the_network_once_even_if_its_copy_could_pass_again()
    {
        using var body = Body("text");

        var beforeAnybodyAsked = (body.MayLeave(), body.MayLeave());
        await body.ReadAsStringAsync();

        Assert.That((beforeAnybodyAsked, body.MayLeave(), body.WasRepeated), Is.EqualTo(((true, true), false, true)));
    }

    [Test]
    public async Task Of_many_that_ask_at_once_one_gets_it()
    {
        using var body = Body("text");
        using var start = new ManualResetEventSlim();
        var all = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            using var stream = new MemoryStream();
            start.Wait();
            try
            {
                await body.CopyToAsync(stream);
            }
            catch (HttpRequestException)
            {
                // Refused: what counts is what it got.
            }

            return stream.Length;
        })).ToList();
        start.Set();

        Assert.That((await Task.WhenAll(all)).Count(length => length > 0), Is.EqualTo(1));
    }

    [Test]
    public async Task A_handler_that_reads_it_first_as_a_log_does_takes_nothing_from_the_network()
    {
        using var body = Body("text");
        using var sent = new MemoryStream();

        var logged = await body.ReadAsStringAsync();
        await body.CopyToAsync(sent);

        Assert.That(Encoding.UTF8.GetString(sent.ToArray()), Is.EqualTo(logged).And.Not.Empty);
    }

    [Test]
    public async Task It_is_asked_even_if_the_writing_fails_at_once()
    {
        using var body = Body("text");

        await Assert.CatchAsync(() => body.CopyToAsync(new MemoryStream([], writable: false)));

        Assert.That(body.WasAsked);
    }

    [Test]
    public async Task A_writer_that_still_runs_keeps_its_bytes_when_the_request_is_disposed()
    {
        using var slow = new SlowStream();
        var body = Body(new string('a', Letters));
        var writing = body.CopyToAsync(slow);
        var bytes = slow.Given!;

        body.Dispose();
        body.Dispose();
        var others = Enumerable.Range(0, 64).Select(_ => ArrayPool<byte>.Shared.Rent(bytes.Length)).ToList();
        others.ForEach(other => other.AsSpan().Fill((byte)'b'));
        slow.Go();
        await writing;

        Assert.That(others, Has.None.SameAs(bytes), "rented by another while it was being written");
        Assert.That(Encoding.UTF8.GetString(slow.ToArray()), Is.EqualTo($$"""{"message":"{{new string('a', Letters)}}"}"""));
        others.ForEach(other => ArrayPool<byte>.Shared.Return(other));
    }

    [Test]
    public async Task Its_bytes_never_go_back_twice_whichever_of_request_and_writer_ends_last([Values] bool writerEndsLast)
    {
        using var slow = new SlowStream();
        var body = Body(new string('a', Letters));
        var writing = body.CopyToAsync(slow);
        var bytes = slow.Given!;

        if (writerEndsLast)
        {
            body.Dispose();
        }

        slow.Go();
        await writing;
        body.Dispose();
        body.Dispose();

        var later = Enumerable.Range(0, 64).Select(_ => ArrayPool<byte>.Shared.Rent(bytes.Length)).ToList();
        // None, if the pool was trimmed just now; that they go back at all is what PoolTests sees.
        Assert.That(later.Count(other => ReferenceEquals(other, bytes)), Is.LessThanOrEqualTo(1));
        later.ForEach(other => ArrayPool<byte>.Shared.Return(other));
    }

    [Test]
    public async Task After_its_end_nobody_gets_its_bytes()
    {
        var body = Body("text");
        body.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => body.CopyToAsync(Stream.Null));
    }

    private static RequestBody Body(string text) => new(new SendMessageToChatRequest { Message = text });

    /// <summary>Holds the bytes that it is given until it may write them down.</summary>
    private sealed class SlowStream : MemoryStream
    {
        // What waits for it goes on inside Go, on the same thread: the pool gives a thread first what that thread has returned.
        private readonly TaskCompletionSource _go = new();

        public byte[]? Given { get; private set; }

        public void Go() => _go.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Assert.That(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(buffer, out var segment));
            Given = segment.Array;
            await _go.Task.ConfigureAwait(false);
            Write(buffer.Span);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
