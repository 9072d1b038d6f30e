using System.Globalization;
using System.Runtime.ExceptionServices;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Makes the attempts of a call, each within the limits, and retries where <see cref="RetryRules"/> allow it. It runs between the client
/// and the user's handlers.
/// </summary>
internal sealed class RetryHandler(
    ClientState client,
    Func<ChatsCall, CancellationToken, ValueTask<IQuotaPermit>>? enterAsync,
    ChatsMetrics metrics,
    ChatsLog log,
    Func<double>? random = null)
    : DelegatingHandler
{
    private readonly TimeProvider _clock = client.Options.TimeProvider;
    private readonly ChatsHostingOptions _options = client.Hosting;
    private readonly RetryRules _rules = new(client.Hosting, random);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request is not ChatsRequest ours)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        string? reason = null;
        for (var number = 1; ; number++)
        {
            var attempt = await AttemptAsync(ours, isLast: number == _options.MaxAttempts, cancellationToken).ConfigureAwait(false);
            if (reason is not null && attempt.Exception is ChatsQuotaException quota)
            {
                throw new ChatsQuotaException(quota, number - 1, reason);
            }

            if (number == _options.MaxAttempts || _rules.DelayBeforeRetry(ours, attempt, number) is not { } delay)
            {
                if (attempt.Exception is not null)
                {
                    ExceptionDispatchInfo.Capture(attempt.Exception).Throw();
                }

                return attempt.Response!;
            }

            reason = attempt.Info?.StatusCode.ToString(CultureInfo.InvariantCulture) ?? attempt.Exception!.GetType().FullName!;
            Retrying(ours, attempt.Info, number, reason, delay);
            // This response is not read further: it must not hold a permit or a connection during the delay.
            attempt.Response?.Dispose();
            ours.KeepUntilEnd(null);
#if NET
            await Task.Delay(delay, _clock, cancellationToken).ConfigureAwait(false);
#else
            await _clock.Delay(delay, cancellationToken).ConfigureAwait(false);
#endif
        }
    }

#if NET
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => request is ChatsRequest
        ? throw new NotSupportedException("The limits and retries are asynchronous: a handler must pass on requests of the chat client with SendAsync.")
        : base.Send(request, cancellationToken);
#endif

    private async ValueTask<RetryAttempt> AttemptAsync(ChatsRequest request, bool isLast, CancellationToken cancellationToken)
    {
        request.BeginAttempt();
        IQuotaPermit? permit;
        try
        {
            permit = enterAsync is null ? null : await EnterAsync(enterAsync, request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return new RetryAttempt(Exception: exception);
        }

        // To the service a call is in progress until its response is complete, so the permit is released once the client has read all of it.
        request.KeepUntilEnd(permit);
        // A read that takes too long is abandoned, to leave time for another attempt.
        using var attemptTimeout = request.Operation.IsRead && !isLast
            ? new CallTimeout(_options.AttemptTimeout, _clock, cancellationToken)
            : null;
        try
        {
            var token = attemptTimeout?.Token ?? cancellationToken;
            var response = await base.SendAsync(request, token).ConfigureAwait(false);
            // Only the next attempt counts for MayHaveBeenSent.
            request.PrepareForRetry(response);
            var info = await request.ReadInfoAsync(response, token).ConfigureAwait(false);
            permit?.Responded(info);
            client.Key.Record(request, info.StatusCode);
            metrics.Attempted(request.Operation, info.StatusCode);
            return new RetryAttempt(response, info);
        }
        catch (Exception exception)
        {
            if (WasCertainlyNotSent(request, exception))
            {
                permit?.NotSent();
            }

            request.KeepUntilEnd(null);
            metrics.Attempted(request.Operation, status: null, request.IsCanceled ? null : exception);
            var timedOut = attemptTimeout is { TimedOut: true } && !cancellationToken.IsCancellationRequested;
            return new RetryAttempt(Exception: timedOut && NetworkFailure.Is(exception) ? TimedOut() : exception);
        }
    }

    private ValueTask<IQuotaPermit> EnterAsync(
        Func<ChatsCall, CancellationToken, ValueTask<IQuotaPermit>> enterAsync, ChatsRequest request, CancellationToken cancellationToken)
    {
        // It waits no longer than the call may still take.
        var remaining = request.TimeRemaining;
        var maxWait = remaining < _options.MaxQuotaWait ? remaining : _options.MaxQuotaWait;
        var call = new ChatsCall(
            request.Operation,
            client.Address,
            UrlIds.Business(request.RequestUri!.OriginalString),
            client.Key.IdOf(request),
            maxWait > TimeSpan.Zero ? maxWait : TimeSpan.Zero);
        var permit = enterAsync(call, cancellationToken);
        return permit.IsCompleted ? permit : MeasureAsync(permit, call);
    }

    private async ValueTask<IQuotaPermit> MeasureAsync(ValueTask<IQuotaPermit> permit, ChatsCall call)
    {
        var start = _clock.GetTimestamp();
        try
        {
            return await permit.ConfigureAwait(false);
        }
        finally
        {
            metrics.QuotaWaited(call, _clock.GetElapsedTime(start));
        }
    }

    /// <summary>The form in which the client recognizes a timeout that is not its own.</summary>
    private OperationCanceledException TimedOut() => new($"No response within {_options.AttemptTimeout}.", new TimeoutException());

    private static bool WasCertainlyNotSent(ChatsRequest request, Exception exception)
    {
        if (!request.Operation.IsRead)
        {
            return !request.MayHaveBeenSent;
        }

#if NET
        return exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError,
        };
#else
        return false;
#endif
    }

    private void Retrying(ChatsRequest request, ChatsResponseInfo? response, int number, string reason, TimeSpan delay)
    {
        if (response is { } info && client.Options.ResponseReceived is { } responseReceived)
        {
            // The client reports only the last response of a call.
            Observer.Notify(responseReceived, info);
        }

        Observer.Notify(() => ChatsMetrics.Retrying(number, reason, delay));
        log.Retrying(request.Operation.Id, number, reason, delay.TotalMilliseconds);
    }
}

/// <summary>How an attempt ended: with a response, whatever its status, or with an exception.</summary>
internal readonly record struct RetryAttempt(HttpResponseMessage? Response = null, ChatsResponseInfo? Info = null, Exception? Exception = null);
