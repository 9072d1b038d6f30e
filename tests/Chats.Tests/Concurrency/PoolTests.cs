using System.Buffers;
using System.Diagnostics.Tracing;

namespace YandexMarket.Chats.Tests.Concurrency;

/// <summary>
/// Buffers come from the process's pool. One that is returned twice would show one buyer the text of another; one that is never returned
/// is wasted.
/// </summary>
[NonParallelizable]
public class PoolTests
{
    private static IEnumerable<TestCaseData> Cases =>
    [
        Response("good", 200, () => Bytes(Responses.Sent)),
        Response("good, long, without a length", 200, () => Bytes(Responses.Sent.PadRight(100_000), length: null)),
        Response("too long", 200, () => Bytes(Responses.Sent.PadRight(2 << 20), length: null)),
        Response("said to be too long", 200, () => Bytes("", length: 2 << 20)),
        Response("no JSON", 200, () => Bytes("<html>")),
        Response("no UTF-8", 200, () => new ByteArrayContent([0xff, 0xff])),
        Response("an error", 400, () => Bytes("""{"status":"ERROR","errors":[{"code":"A"}]}""")),
        Response("an error in 200", 200, () => Bytes("""{"status":"ERROR"}""")),
        Response("cut", 200, () => new StreamBody(() => throw new IOException(), 15)),
        Response("a defect of the stream", 200, () => new StreamBody(() => throw new NotSupportedException(), 15)),
    ];

    [TestCaseSource(nameof(Cases))]
    public async Task Every_rented_buffer_is_returned_once(int status, Func<HttpContent> content)
    {
        using var client = Clients.Over(async (request, _) =>
        {
            await StubHandler.ReadAsync(request);
            return new HttpResponseMessage((HttpStatusCode)status) { Content = content() };
        });
        await client.FailureOfSendAsync();
        using var ledger = new Ledger();

        await ledger.KeepAsync(() => client.FailureOfSendAsync());

        Assert.That(ledger.Rented, Is.Not.Empty);
        Assert.That(ledger.Returned, Is.EquivalentTo(ledger.Rented));
    }

    [Test]
    public async Task An_announced_length_allocates_no_memory()
    {
        using var client = Clients.Over((_, _) => Task.FromResult(new HttpResponseMessage { Content = Bytes("{}", length: 1_000_000_000) }));
        using var ledger = new Ledger();

        await ledger.KeepAsync(() => client.FailureOfReadAsync());

        Assert.That(ledger.Sizes.Max(), Is.EqualTo(16_384));
    }

    private static StreamBody Bytes(string text) => Bytes(text, Encoding.UTF8.GetByteCount(text));

    private static StreamBody Bytes(string text, int? length) => new(() => new MemoryStream(Encoding.UTF8.GetBytes(text)), length);

    private static TestCaseData Response(string name, int status, Func<HttpContent> content) =>
        new TestCaseData(status, content).SetArgDisplayNames(name);

    /// <summary>Lists the arrays of bytes and of characters that one flow of control rents and returns.</summary>
    private sealed class Ledger : EventListener
    {
        private readonly AsyncLocal<bool> _kept = new();
        private readonly ConcurrentQueue<(string Event, int Id, int Size)> _entries = new();

        public IEnumerable<int> Rented => _entries.Where(entry => entry.Event == "BufferRented").Select(entry => entry.Id);

        public IEnumerable<int> Returned => _entries.Where(entry => entry.Event == "BufferReturned").Select(entry => entry.Id);

        public IEnumerable<int> Sizes => _entries.Where(entry => entry.Event == "BufferRented").Select(entry => entry.Size);

        public async Task KeepAsync(Func<Task> call)
        {
            _kept.Value = true;
            await call();
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "System.Buffers.ArrayPoolEventSource")
            {
                EnableEvents(eventSource, EventLevel.Verbose);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            // The base class raises events before the fields are set.
            if (_kept is { Value: true } && eventData.Payload is [int id, int size, int pool, ..]
                && (pool == ArrayPool<byte>.Shared.GetHashCode() || pool == ArrayPool<char>.Shared.GetHashCode()))
            {
                _entries.Enqueue((eventData.EventName!, id, size));
            }
        }
    }
}
