using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// What a limiter may implement besides <see cref="PartitionedRateLimiter{TResource}"/> to learn from the responses: their headers say
/// what the service itself has counted, including the calls of other machines.
/// </summary>
public interface IChatsQuotaFeedback
{
    /// <summary>
    /// Called once for every response, when its head is there and before its lease is disposed. It must not block and not throw.
    /// </summary>
    /// <param name="lease">The lease that the attempt was made with.</param>
    /// <param name="attempt">The attempt that got the response.</param>
    /// <param name="response">What the response said.</param>
    void Report(RateLimitLease lease, ChatsCall attempt, ChatsResponseInfo response);
}
