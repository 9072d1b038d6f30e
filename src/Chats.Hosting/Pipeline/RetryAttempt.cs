using System.Runtime.ExceptionServices;

namespace YandexMarket.Chats.Hosting;

/// <summary>How an attempt ended: with a response, whatever its status, or with an exception.</summary>
internal readonly record struct RetryAttempt
{
    private readonly ExceptionDispatchInfo? _failure;

    private RetryAttempt(HttpResponseMessage? response, ChatsResponseInfo? info, ExceptionDispatchInfo? failure) =>
        (Response, Info, _failure) = (response, info, failure);

    public HttpResponseMessage? Response { get; }

    /// <summary>What the response says; null without one.</summary>
    public ChatsResponseInfo? Info { get; }

    public Exception? Exception => _failure?.SourceException;

    public static RetryAttempt Responded(HttpResponseMessage response, ChatsResponseInfo info) => new(response, info, failure: null);

    public static RetryAttempt Failed(Exception exception) => new(response: null, info: null, ExceptionDispatchInfo.Capture(exception));

    public HttpResponseMessage ResponseOrThrow()
    {
        _failure?.Throw();
        return Response!;
    }
}
