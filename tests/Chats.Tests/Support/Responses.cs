namespace YandexMarket.Chats.Tests;

internal static class Responses
{
    public const string Sent = """{"status":"OK"}""";

    public const string Message = """{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}""";
}

/// <summary>The body of a response over any stream, opened when it is asked for; it states its length, or none.</summary>
internal sealed class StreamBody(Func<Stream> open, long? length) : HttpContent
{
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
