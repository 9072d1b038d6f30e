namespace YandexMarket.Chats.Tests;

/// <summary>The bodies of good responses.</summary>
internal static class Responses
{
    public const string Sent = """{"status":"OK"}""";

    public const string Message = """{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}""";
}

/// <summary>The body of a response over any stream, opened when it is asked for; it states its length, or none.</summary>
internal sealed class StreamBody(Func<Stream> open, long? length) : HttpContent
{
    /// <summary>What opening waits for.</summary>
    public Task OpensAfter { get; init; } = Task.CompletedTask;

    protected override async Task<Stream> CreateContentReadStreamAsync()
    {
        await OpensAfter.ConfigureAwait(false);
        return open();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

    protected override bool TryComputeLength(out long computed)
    {
        computed = length.GetValueOrDefault();
        return length is not null;
    }
}

/// <summary>The body of a response, read by a function. A synchronous read would block a thread, and throws.</summary>
internal sealed class StubStream(Func<Memory<byte>, CancellationToken, ValueTask<int>> read) : MemoryStream
{
    /// <summary>What happens when it is closed.</summary>
    public Action Closed { get; init; } = () => { };

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
