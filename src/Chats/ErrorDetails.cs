using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

/// <summary>The details of an error response. What cannot be read is left empty: the status is known in any case.</summary>
internal sealed class ErrorDetails
{
    private ErrorDetails(ChatsRequest request, HttpResponseMessage response, IReadOnlyList<ApiError> errors, ChatsLimitKind limit)
    {
        Errors = errors;
        Info = request.GetInfo(response, limit);
    }

    public ChatsResponseInfo Info { get; }

    public IReadOnlyList<ApiError> Errors { get; }

    public static ErrorDetails Of(ChatsRequest request, HttpResponseMessage response, ResponseBody body) =>
        body.Fault is null
            ? new(request, response, body.TryParse(ErrorResponse.Read, out _)?.Errors ?? [], LimitKindReader.FindLimit(response, body))
            : new(request, response, [], ChatsLimitKind.Unknown);

    /// <summary>Whether the message of one of the service's errors contains a text, or its code equals it.</summary>
    public bool Says(string text) => Errors.Any(error =>
        error.Message?.IndexOf(text, StringComparison.OrdinalIgnoreCase) >= 0 || string.Equals(error.Code, text, StringComparison.Ordinal));
}
