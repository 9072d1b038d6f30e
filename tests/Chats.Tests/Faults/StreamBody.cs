using System.Net;

namespace YandexMarket.Chats.Tests.Faults;

/// <summary>The body of an answer over any stream, opened when it is asked for; it states its length, or none.</summary>
internal sealed class StreamBody(Func<Stream> open, long? length) : HttpContent
{
    /// <summary>Whether opening goes on in another thread.</summary>
    public bool OpensLater { get; init; }

    protected override async Task<Stream> CreateContentReadStreamAsync()
    {
        if (OpensLater)
        {
            await Task.Run(() => { });
        }

        return open();
    }

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => CreateContentReadStreamAsync();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

    protected override bool TryComputeLength(out long computed)
    {
        computed = length.GetValueOrDefault();
        return length is not null;
    }
}
