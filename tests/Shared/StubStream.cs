namespace YandexMarket.Chats.Testing;

/// <summary>The body of a response, read by a function. A synchronous read would block a thread, and throws.</summary>
internal sealed class StubStream(Func<Memory<byte>, CancellationToken, ValueTask<int>> read) : MemoryStream
{
    public Action Closed { get; init; } = () => { };

    public override bool CanSeek => false;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => read(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        read(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A thread would be blocked here.");

    protected override void Dispose(bool disposing)
    {
        Closed();
        base.Dispose(disposing);
    }
}
