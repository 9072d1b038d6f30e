using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Where an attempt gets its permit, or waits for it: from our own limiter, or from the application's. Even if the latter is slow or throws, the
/// call ends in time, and neither MayHaveBeenSent nor a response is lost.
/// </summary>
internal sealed class LimiterGate(
    PartitionedRateLimiter<ChatsCall> limiter, Uri baseAddress, TimeSpan maxWait, KeyId keyId, TimeProvider clock, ChatsMetrics metrics, ChatsLog log)
{
    private readonly QuotaLimiter? _ours = limiter as QuotaLimiter;
    private readonly IChatsQuotaFeedback? _feedback = limiter as IChatsQuotaFeedback;

    /// <exception cref="ChatsQuotaException">The limits allow no call in time.</exception>
    public ValueTask<IQuotaPermit> EnterAsync(ChatsRequest request, CancellationToken cancellationToken)
    {
        var (business, key) = (UrlIds.Business(request.RequestUri!.OriginalString), keyId.Of(request));
        return _ours?.TryTake(request.Operation, baseAddress, business, key) is { } lease ? new(lease) : AcquirePermitAsync(request, business, key, cancellationToken);
    }

    private async ValueTask<IQuotaPermit> AcquirePermitAsync(ChatsRequest request, long business, string key, CancellationToken cancellationToken)
    {
        // It waits no longer than the call may still take.
        var left = request.TimeRemaining < maxWait ? request.TimeRemaining : maxWait;
        var call = new ChatsCall(request.Operation, baseAddress, business, key, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        // Our own limiter enforces the maximum wait itself.
        using var wait = _ours is null ? new CallTimeout(call.MaxWait, clock, cancellationToken) : null;
        try
        {
            var lease = await AcquireAsync(call, wait?.Token ?? cancellationToken).ConfigureAwait(false);
            var permit = lease as QuotaLease ?? (IQuotaPermit)new Permit(call, lease, _feedback, log);
            if (lease.IsAcquired)
            {
                return permit;
            }

            using (permit)
            {
                var retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time > TimeSpan.Zero ? time : TimeSpan.Zero : (TimeSpan?)null;
                throw new ChatsQuotaException(call, retryAfter, lease.TryGetMetadata(MetadataName.ReasonPhrase, out var reason) ? reason : null);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChatsQuotaException(call);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ChatsQuotaException))
        {
            log.LimiterFailed(exception.GetType().Name);
            throw new ChatsQuotaException(call, reason: $"the limiter threw {exception.GetType().Name}", innerException: exception);
        }
    }

    private async ValueTask<RateLimitLease> AcquireAsync(ChatsCall call, CancellationToken cancellationToken)
    {
        var task = limiter.AcquireAsync(call, permitCount: 1, cancellationToken).AsTask();
        if (task.IsCompleted)
        {
            return await task.ConfigureAwait(false);
        }

        var start = clock.GetTimestamp();
        try
        {
            return _ours is not null
                ? await task.ConfigureAwait(false)
                : await new ValueTask<RateLimitLease>(task).WaitOrCancelAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A limiter that ignores its token is abandoned. Its lease is disposed when it arrives.
            _ = task.ContinueWith(
                late =>
                {
                    using var permit = new Permit(call, late.Result, _feedback, log);
                    permit.NotSent();
                },
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            throw;
        }
        finally
        {
            metrics.QuotaWaited(call, clock.GetElapsedTime(start));
        }
    }

    private sealed class Permit(ChatsCall call, RateLimitLease lease, IChatsQuotaFeedback? feedback, ChatsLog log) : IQuotaPermit
    {
        public void Responded(ChatsResponseInfo response)
        {
            if (feedback is not null)
            {
                Try(() => feedback.Report(lease, call, response));
            }
        }

        public void NotSent()
        {
            if (feedback is not null && lease.IsAcquired)
            {
                Try(() => feedback.ReportNotSent(lease, call));
            }
        }

        public void Dispose() => Try(lease.Dispose);

        private void Try(Action action)
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                // The response has arrived, and its message may have been accepted: a failing limiter must not hide that.
                log.LimiterFailed(exception.GetType().Name);
            }
        }
    }
}

/// <summary>An attempt's permit. It is disposed when the call has read the response, or has failed.</summary>
internal interface IQuotaPermit : IDisposable
{
    /// <summary>Reports that the headers of a response have arrived.</summary>
    void Responded(ChatsResponseInfo response);

    /// <summary>Reports that the attempt was certainly not sent.</summary>
    void NotSent();
}
