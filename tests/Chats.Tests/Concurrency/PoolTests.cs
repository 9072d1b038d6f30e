using System.Buffers;
using System.Diagnostics.Tracing;
using System.Net;
using System.Text;

namespace YandexMarket.Chats.Tests.Concurrency;

/// <summary>
/// Buffers come from the process's pool. One that went back twice would show one buyer the text of another; one that never goes back
/// is only a waste, until it is every one.
/// </summary>
[NonParallelizable]
public class PoolTests
{
    private static IEnumerable<TestCaseData> Answers =>
    [
        Answer("good", 200, () => Bytes(Calls.Good)),
        Answer("good, long, without a length", 200, () => Bytes(Calls.Good.PadRight(100_000), length: null)),
        Answer("too long", 200, () => Bytes(Calls.Good.PadRight(2 << 20), length: null)),
        Answer("said to be too long", 200, () => Bytes("", length: 2 << 20)),
        Answer("no JSON", 200, () => Bytes("<html>")),
        Answer("no UTF-8", 200, () => new ByteArrayContent([0xff, 0xff])),
        Answer("an error", 400, () => Bytes("""{"status":"ERROR","errors":[{"code":"A"}]}""")),
        Answer("an error in 200", 200, () => Bytes("""{"status":"ERROR"}""")),
        Answer("cut", 200, () => new StreamBody(() => throw new IOException(), 15)),
        Answer("a defect of the stream", 200, () => new StreamBody(() => throw new NotSupportedException(), 15)),
    ];

    [TestCaseSource(nameof(Answers))]
    public async Task What_was_lent_goes_back_once(int status, Func<HttpContent> content)
    {
        using var client = Calls.Over(async (request, cancellationToken) =>
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            return new HttpResponseMessage((HttpStatusCode)status) { Content = content() };
        });
        await Calls.FailureOfSendAsync(client);
        using var ledger = new Ledger();

        await ledger.KeepAsync(() => Calls.FailureOfSendAsync(client));

        Assert.That(ledger.Lent, Is.Not.Empty);
        Assert.That(ledger.Returned, Is.EquivalentTo(ledger.Lent));
    }

    [TestCase(40_000, null, new[] { 16_384, 32_768, 65_536 }, TestName = "Buffers double as a response grows")]
    [TestCase(40_000, 40_000, new[] { 16_384, 32_768, 65_536 }, TestName = "Buffers double as a response of a stated length grows")]
    [TestCase(2, 1_000_000_000, new[] { 16_384 }, TestName = "What a server only promises costs nothing")]
    public async Task Buffers(int bytes, int? statedLength, int[] lent)
    {
        using var client = Calls.Over((_, _) => Task.FromResult(new HttpResponseMessage { Content = Bytes("{}".PadRight(bytes), statedLength) }));
        using var ledger = new Ledger();

        await ledger.KeepAsync(() => Calls.FailureOfReadAsync(client));

        Assert.That(ledger.Sizes, Is.EqualTo(lent));
    }

    private static StreamBody Bytes(string text) => Bytes(text, Encoding.UTF8.GetByteCount(text));

    private static StreamBody Bytes(string text, int? length) => new(() => new MemoryStream(Encoding.UTF8.GetBytes(text)), length);

    private static TestCaseData Answer(string name, int status, Func<HttpContent> content) =>
        new TestCaseData(status, content).SetArgDisplayNames(name);

    /// <summary>Keeps account of the byte arrays that one flow of control borrows.</summary>
    private sealed class Ledger : EventListener
    {
        private readonly AsyncLocal<bool> _kept = new();
        private readonly Lock _gate = new();

        public List<int> Lent { get; } = [];

        public List<int> Sizes { get; } = [];

        public List<int> Returned { get; } = [];

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
            if (_kept is not { Value: true })
            {
                return;
            }

            var payload = eventData.Payload!;
            var pool = ArrayPool<byte>.Shared.GetHashCode();
            lock (_gate)
            {
                if (eventData.EventName == "BufferRented" && (int)payload[2]! == pool)
                {
                    Lent.Add((int)payload[0]!);
                    Sizes.Add((int)payload[1]!);
                }
                else if (eventData.EventName == "BufferReturned" && (int)payload[2]! == pool)
                {
                    Returned.Add((int)payload[0]!);
                }
            }
        }
    }
}
