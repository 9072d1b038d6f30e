using Newtonsoft.Json;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

// The way of every call, each step once. The generated methods check their arguments and end here.
public sealed partial class ChatsClient
{
    private async Task<TResult> SendAsync<TResult>(
        ChatsOperation operation,
        string url,
        IJsonModel? body,
        Func<JsonTextReader, ApiResponse> read,
        Func<ApiResponse, TResult?> resultOf,
        CancellationToken cancellationToken)
        where TResult : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_settings.Allow(operation))
        {
            throw new ChatsScopeException(operation);
        }

        using var deadline = Deadline.Start(_settings.Timeout, _settings.TimeProvider, cancellationToken, _end?.Token ?? default);
        using var request = new ChatsRequest(operation, url, body, deadline);
        request.AddHeaders(await GetApiKeyAsync(request, deadline).ConfigureAwait(false), _settings.Integration);
        // As for a call that is made after it: nothing has left.
        ObjectDisposedException.ThrowIf(deadline.ClientClosed, this);

        HttpResponseMessage response;
        try
        {
            var sending = _http is HttpClient borrowed
                ? borrowed.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token)
                : _http.SendAsync(request, deadline.Token);
            response = await sending.ConfigureAwait(false);
        }
        catch (Exception exception) when (Failure.IsOfTransport(exception))
        {
            throw Failure.NoAnswer(request, deadline, exception);
        }

        using (response)
        {
            if (request.WasRerouted(response))
            {
                throw Failure.Rerouted(request);
            }

            using var answer = await ResponseBody.ReadAsync(response, _settings.MaxResponseBytes, deadline.Token).ConfigureAwait(false);
            if (answer.Fault is not null && deadline.CallerCanceled)
            {
                throw deadline.Canceled();
            }

            return response.IsSuccessStatusCode
                ? resultOf(Understand(request, response, answer, deadline, read))
                    ?? throw Failure.NotUnderstood(request, (int)response.StatusCode, "it holds no result")
                : throw Failure.ErrorStatus(request, ErrorAnswer.Of(response, answer), _settings.TimeProvider);
        }
    }

    private ValueTask<string> GetApiKeyAsync(ChatsRequest request, Deadline deadline)
    {
        var key = _settings.GetApiKeyAsync(deadline.Token);
        return key.IsCompletedSuccessfully ? key : WaitAsync(key, request, deadline);

        // Static: what it would capture would be an object in every call, also where there is nothing to wait for.
        static async ValueTask<string> WaitAsync(ValueTask<string> key, ChatsRequest request, Deadline deadline)
        {
            try
            {
                return await key.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (deadline.IsOver)
            {
                throw Failure.Ended(request.Operation, deadline, mayHaveBeenSent: false, cause: null)
                    ?? new ObjectDisposedException(typeof(ChatsClient).FullName);
            }
        }
    }

    /// <summary>What a 2xx says, unless it is one of the ways to say nothing good.</summary>
    private static ApiResponse Understand(
        ChatsRequest request, HttpResponseMessage response, ResponseBody body, Deadline deadline, Func<JsonTextReader, ApiResponse> read)
    {
        if (body.Fault is { } fault)
        {
            throw Failure.BrokenAnswer(request, deadline, (int)response.StatusCode, fault);
        }

        var answer = body.TryParse(read, out var unreadable);
        if (answer?.Status == ApiResponseStatus.Error || (answer is null && body.SaysError()))
        {
            throw Failure.ErrorInside2xx(request, ErrorAnswer.Of(response, body));
        }

        // A send has succeeded only if the service says so; a read has if its result is there.
        return answer is not null && (request.Operation.IsRead || answer.Status == ApiResponseStatus.Ok)
            ? answer
            : throw Failure.NotUnderstood(request, (int)response.StatusCode, unreadable ?? "its status is not OK");
    }
}
