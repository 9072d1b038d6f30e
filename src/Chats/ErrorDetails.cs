using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

/// <summary>The details of an error response. What cannot be read is left empty: the status is known in any case.</summary>
internal sealed record ErrorDetails(ChatsResponseInfo Info, IReadOnlyList<ApiError> Errors)
{
    public static ErrorDetails Of(ChatsRequest request, HttpResponseMessage response, ResponseBody body) =>
        body.Fault is null
            ? new(request.GetInfo(response, LimitKindReader.FindLimit(response, body)), body.TryParse(ErrorResponse.Read, out _)?.Errors ?? [])
            : new(request.GetInfo(response), []);

    /// <summary>Whether the message of one of the service's errors contains a text, or its code equals it.</summary>
    public bool Says(string text) => Errors.Any(error =>
        error.Message?.IndexOf(text, StringComparison.OrdinalIgnoreCase) >= 0 || string.Equals(error.Code, text, StringComparison.Ordinal));
}
