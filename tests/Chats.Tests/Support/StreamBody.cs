using System.Net;

namespace YandexMarket.Chats.Tests;

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
