using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// The application's limiter in place of ours. Even if it is slow or throws, the call ends in time, and neither MayHaveBeenSent nor a response is
/// lost.
/// </summary>
internal sealed class CustomLimiter(PartitionedRateLimiter<ChatsCall> limiter, TimeProvider clock, ChatsLog log)
{
    private readonly IChatsQuotaFeedback? _feedback = limiter as IChatsQuotaFeedback;

    /// <exception cref="ChatsQuotaException">It permits no call in time.</exception>
    public async ValueTask<IQuotaPermit> EnterAsync(ChatsCall call, CancellationToken cancellationToken)
    {
        using var wait = new CallTimeout(call.MaxWait, clock, cancellationToken);
        try
        {
            var lease = await AcquireAsync(call, wait.Token).ConfigureAwait(false);
            var permit = new Permit(call, lease, _feedback, log);
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
        try
        {
            return await new ValueTask<RateLimitLease>(task).WaitOrCancelAsync(cancellationToken).ConfigureAwait(false);
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
    }

    private sealed class Permit(ChatsCall call, RateLimitLease lease, IChatsQuotaFeedback? feedback, ChatsLog log) : IQuotaPermit
    {
        public void Responded(ChatsResponseInfo response) => Try(() => feedback?.Report(lease, call, response));

        public void NotSent() => Try(() =>
        {
            if (lease.IsAcquired)
            {
                feedback?.ReportNotSent(lease, call);
            }
        });

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
