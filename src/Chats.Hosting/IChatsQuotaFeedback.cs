using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// What a limiter may implement besides <see cref="PartitionedRateLimiter{TResource}"/> to learn from the responses: their headers tell
/// what the service itself has counted, calls of other machines among them.
/// </summary>
public interface IChatsQuotaFeedback
{
    /// <summary>
    /// Called once for every response, when its head is there and before its lease is disposed. It must not block and not throw.
    /// </summary>
    /// <param name="lease">The lease that the attempt was made with.</param>
    /// <param name="report">What the response reported.</param>
    void Report(RateLimitLease lease, ChatsQuotaReport report);
}
