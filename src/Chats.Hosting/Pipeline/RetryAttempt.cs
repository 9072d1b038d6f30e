using System.Runtime.ExceptionServices;

namespace YandexMarket.Chats.Hosting;

/// <summary>How an attempt ended: with a response, whatever its status, or with an exception.</summary>
internal readonly record struct RetryAttempt
{
    private readonly ExceptionDispatchInfo? _failure;

    private RetryAttempt(HttpResponseMessage? response, ChatsLimitKind limit, ExceptionDispatchInfo? failure) =>
        (Response, Limit, _failure) = (response, limit, failure);

    public HttpResponseMessage? Response { get; }

    /// <summary>Which limit the response is about, if it says so.</summary>
    public ChatsLimitKind Limit { get; }

    public Exception? Exception => _failure?.SourceException;

    public static RetryAttempt Responded(HttpResponseMessage response, ChatsLimitKind limit) => new(response, limit, failure: null);

    public static RetryAttempt Failed(Exception exception) => new(response: null, ChatsLimitKind.Unknown, ExceptionDispatchInfo.Capture(exception));

    public HttpResponseMessage ResponseOrThrow()
    {
        _failure?.Throw();
        return Response!;
    }
}
