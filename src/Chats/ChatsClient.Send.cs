using Newtonsoft.Json;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

// The path of every call. The generated methods check their arguments and then call this.
public sealed partial class ChatsClient
{
    private Task<TResult> SendAsync<TResult>(
        ChatsOperation operation,
        string url,
        IJsonModel? body,
        Func<JsonTextReader, ApiResponse> read,
        Func<ApiResponse, TResult?> getResult,
        CancellationToken cancellationToken)
        where TResult : class =>
        _observer is { } observer && IsEnabled(observer)
            ? ObserveAsync(observer, operation, url, body, read, getResult, cancellationToken)
            : SendUnobservedAsync(operation, url, body, read, getResult, cancellationToken);

    private static bool IsEnabled(IChatsCallObserver observer)
    {
        try
        {
            return observer.IsEnabled;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private async Task<TResult> ObserveAsync<TResult>(
        IChatsCallObserver observer,
        ChatsOperation operation,
        string url,
        IJsonModel? body,
        Func<JsonTextReader, ApiResponse> read,
        Func<ApiResponse, TResult?> getResult,
        CancellationToken cancellationToken)
        where TResult : class
    {
        Action<Exception?>? ended = null;
        Exception? thrown = null;
        Observer.Notify(() => ended = observer.Start(operation, url));
        try
        {
            return await SendUnobservedAsync(operation, url, body, read, getResult, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            thrown = exception;
            throw;
        }
        finally
        {
            Observer.Notify(() => ended?.Invoke(thrown));
        }
    }

    private async Task<TResult> SendUnobservedAsync<TResult>(
        ChatsOperation operation,
        string url,
        IJsonModel? body,
        Func<JsonTextReader, ApiResponse> read,
        Func<ApiResponse, TResult?> getResult,
        CancellationToken cancellationToken)
        where TResult : class
    {
        if (cancellationToken.IsCancellationRequested)
        {
            throw new ChatsCanceledException(operation, mayHaveBeenSent: false, cancellationToken);
        }

        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_options.GrantedScopes is { } granted && !operation.RequiredScopes.Any(granted.Contains))
        {
            throw new ChatsScopeException(operation);
        }

        using var timeout = new CallTimeout(_options.Timeout, _options.TimeProvider, cancellationToken, _end?.Token ?? default);
        using var request = new ChatsRequest(operation, url, body, timeout, isTracked: _http is HttpClient);
        request.AddHeaders(_options.ApiKey ?? await GetApiKeyAsync(operation, timeout).ConfigureAwait(false), _options.Integration);
        PrepareConnection(request);

        HttpResponseMessage response;
        try
        {
            var sending = _http is HttpClient borrowed
                ? borrowed.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token)
                : _http.SendAsync(request, timeout.Token);
            response = await sending.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw ChatsExceptionFactory.NoResponse(request, timeout, exception);
        }

        try
        {
            if (_options.ResponseReceived is { } responseReceived)
            {
                Observer.Notify(responseReceived, request.GetInfo(response));
            }

            if (request.WasRedirectedAtEnd(response))
            {
                throw ChatsExceptionFactory.Redirected(request);
            }

            if (request.WasCopied(response))
            {
                throw ChatsExceptionFactory.Copied(request);
            }

            using var content = await ResponseBody.ReadAsync(response, _options.MaxResponseBytes, timeout.Token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            if (content.Fault is not null && timeout.CallerCanceled)
            {
                throw new ChatsCanceledException(operation, request.MayHaveBeenSentBefore(response), cancellationToken);
            }

            return response.IsSuccessStatusCode
                ? getResult(Parse(request, response, content, timeout, read)) ?? throw ChatsExceptionFactory.Unreadable(request, status, "it contains no result")
                : throw ChatsExceptionFactory.ErrorStatus(request, response, content);
        }
        finally
        {
            // Its content may be a handler's.
            Observer.Dispose(response);
        }
    }

    private async ValueTask<string> GetApiKeyAsync(ChatsOperation operation, CallTimeout timeout)
    {
        string key;
        try
        {
            // A provider that ignores its token is abandoned when the call times out.
            key = await _options.ApiKeyProvider!(timeout.Token).WaitOrCancelAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (Exception) when (timeout.IsOver)
        {
            // Like a call made after Dispose: nothing was sent.
            throw ChatsExceptionFactory.Ended(operation, timeout, mayHaveBeenSent: false)
                ?? new ObjectDisposedException(typeof(ChatsClient).FullName);
        }
        catch (Exception exception)
        {
            throw new ChatsApiKeyException(
                $"{operation.Id}: {nameof(ChatsClientOptions.ApiKeyProvider)} threw {exception.GetType().Name}. Nothing was sent.",
                operation,
                exception);
        }

        ObjectDisposedException.ThrowIf(timeout.ClientDisposed, this);
        return ApiKeyFormat.FindError(key) is { } fault
            ? throw new ChatsApiKeyException(
                $"{operation.Id}: {nameof(ChatsClientOptions.ApiKeyProvider)} returned a malformed key: {fault} Nothing was sent.", operation)
            : key;
    }

    private void PrepareConnection(ChatsRequest request)
    {
#if !NET
        // .NET Framework sends Expect: 100-continue with each POST unless told otherwise.
        if (!request.Operation.IsRead && (_http as HttpClient)?.DefaultRequestHeaders.ExpectContinue != true)
        {
            request.Headers.ExpectContinue = false;
        }

#endif
        if (_http is not HttpClient borrowed)
        {
            // Our own handler opens a new connection for each send.
            return;
        }

#if NET
        // Over HTTP/2 a send would share its connection: only HTTP/1.1 can close it.
        if (request.Operation.IsRead || _options.ReuseConnectionsForSends)
        {
            (request.Version, request.VersionPolicy) = (borrowed.DefaultRequestVersion, borrowed.DefaultVersionPolicy);
        }

#endif
        if (!_options.ReuseConnectionsForSends)
        {
            // For reads as well: a send could be lost on a connection that a read has left open.
            request.Headers.ConnectionClose = true;
        }
    }

    /// <summary>The content of a 2xx. Throws if the 2xx does not mean success.</summary>
    private static ApiResponse Parse(
        ChatsRequest request, HttpResponseMessage response, ResponseBody body, CallTimeout timeout, Func<JsonTextReader, ApiResponse> read)
    {
        var status = (int)response.StatusCode;
        if (body.Fault is { } fault)
        {
            throw ChatsExceptionFactory.IncompleteResponse(request, timeout, status, fault);
        }

        var parsed = body.TryParse(read, out var unreadable);
        if (parsed?.Status == ApiResponseStatus.Error || (parsed is null && body.SaysError()))
        {
            throw ChatsExceptionFactory.ErrorStatus(request, response, body);
        }

        // A send succeeds only if the service says so, a read if its result is present.
        return parsed is not null && (request.Operation.IsRead || parsed.Status == ApiResponseStatus.Ok)
            ? parsed
            : throw ChatsExceptionFactory.Unreadable(request, status, unreadable ?? "its status is not OK");
    }
}
