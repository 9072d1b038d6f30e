using System.Globalization;
using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>Lets an attempt out only when the limits have room for it, and tells the limiter what came back.</summary>
internal sealed class QuotaHandler(
    PartitionedRateLimiter<ChatsCall> limiter, TimeSpan maxWait, TimeProvider clock, KeyId keyId, ChatsMetrics metrics) : DelegatingHandler
{
    private readonly IChatsQuotaFeedback? _feedback = limiter as IChatsQuotaFeedback;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request is not ChatsRequest ours)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        var call = new ChatsCall(ours.Operation, BusinessOf(ours), keyId.Of(KeyOf(ours)), Shorter(maxWait, ours.TimeLeft));
        var lease = await AcquireAsync(call, cancellationToken).ConfigureAwait(false);
        // The service counts a call until its answer is out: the lease goes back when the client has read the whole of it.
        ours.Hold(lease);
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            await ReportAsync(call, lease, response, cancellationToken).ConfigureAwait(false);
            return response;
        }
        catch (Exception exception)
        {
            if (CannotHaveLeft(ours, exception))
            {
                (lease as QuotaLease)?.NothingLeft();
            }

            ours.Hold(null);
            throw;
        }
    }

    private async ValueTask<RateLimitLease> AcquireAsync(ChatsCall call, CancellationToken cancellationToken)
    {
        // Our own limiter watches the time itself, and mostly answers at once.
        var pending = limiter is QuotaLimiter
            ? limiter.AcquireAsync(call, permitCount: 1, cancellationToken)
            : AcquireFromStrangerAsync(call, cancellationToken);
        RateLimitLease lease;
        if (pending.IsCompleted)
        {
            lease = await pending.ConfigureAwait(false);
        }
        else
        {
            var start = clock.GetTimestamp();
            try
            {
                lease = await pending.ConfigureAwait(false);
            }
            finally
            {
                metrics.QuotaWaited(call, clock.GetElapsedTime(start));
            }
        }

        if (lease.IsAcquired)
        {
            return lease;
        }

        var retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : (TimeSpan?)null;
        lease.Dispose();
        throw new ChatsQuotaException(call, retryAfter);
    }

    private async ValueTask<RateLimitLease> AcquireFromStrangerAsync(ChatsCall call, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = clock.CreateTimer(
            static source => Patience.End((CancellationTokenSource)source!), patience, call.MaxWait, Timeout.InfiniteTimeSpan);
        try
        {
            return await limiter.AcquireAsync(call, permitCount: 1, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChatsQuotaException(call, retryAfter: null);
        }
    }

    private async ValueTask ReportAsync(
        ChatsCall call, RateLimitLease lease, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (_feedback is not null)
        {
            var exceeded = await LimitRefusal.KindAsync(response, cancellationToken).ConfigureAwait(false);
            _feedback.Report(
                lease,
                new ChatsQuotaReport(call, (int)response.StatusCode, RateLimitHeaders.Read(response), response.Headers.Date, exceeded));
        }
    }

    private static bool CannotHaveLeft(ChatsRequest request, Exception exception)
    {
        if (!request.Operation.IsRead)
        {
            return !request.MayHaveLeft;
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

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static string KeyOf(ChatsRequest request) =>
        request.Headers.TryGetValues(ChatsContract.ApiKeyHeader, out var values) ? values.First() : "";

    private static long BusinessOf(ChatsRequest request)
    {
        const string Before = "/businesses/";
        var path = request.RequestUri!.AbsolutePath;
        var start = path.LastIndexOf(Before, StringComparison.Ordinal) + Before.Length;
        var id = path.Substring(start, path.IndexOf('/', start) - start);
        return long.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
