using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Asks the application's own limiter. Even if that is slow or throws, the call ends in time, and neither MayHaveBeenSent nor a response is
/// lost.
/// </summary>
internal sealed class CustomLimiterGate(
    PartitionedRateLimiter<ChatsCall> limiter, Uri baseAddress, TimeSpan maxWait, KeyId keyId, TimeProvider clock, ChatsMetrics metrics, ChatsLog log)
    : LimiterGate(baseAddress, maxWait, keyId)
{
    private readonly IChatsQuotaFeedback? _feedback = limiter as IChatsQuotaFeedback;

    public override async ValueTask<IQuotaPlace> EnterAsync(ChatsRequest request, CancellationToken cancellationToken)
    {
        var call = CallOf(request);
        var start = clock.GetTimestamp();
        using var wait = new CallTimeout(call.MaxWait, clock, cancellationToken);
        try
        {
            var lease = await AcquireAsync(call, wait.Token).ConfigureAwait(false);
            var place = new Place(call, lease, _feedback, log);
            if (lease.IsAcquired)
            {
                return place;
            }

            using (place)
            {
                throw NoRoom(call, lease);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChatsQuotaException(call, retryAfter: null);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ChatsQuotaException))
        {
            log.LimiterFailed(exception.GetType().Name);
            throw new ChatsQuotaException(call, exception);
        }
        finally
        {
            metrics.QuotaWaited(call, clock.GetElapsedTime(start));
        }
    }

    private async ValueTask<RateLimitLease> AcquireAsync(ChatsCall call, CancellationToken cancellationToken)
    {
        var pending = limiter.AcquireAsync(call, permitCount: 1, cancellationToken).AsTask();
        try
        {
            return await new ValueTask<RateLimitLease>(pending).OrCanceledAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A limiter that ignores its token is abandoned. Its lease is disposed when it arrives.
            _ = pending.ContinueWith(
                late => new Place(call, late.Result, feedback: null, log).Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            throw;
        }
    }

    private sealed class Place(ChatsCall call, RateLimitLease lease, IChatsQuotaFeedback? feedback, ChatsLog log) : IQuotaPlace
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
            // PartitionedRateLimiter has no such notification.
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
