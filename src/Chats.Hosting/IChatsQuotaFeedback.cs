using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Can be implemented by a custom <see cref="PartitionedRateLimiter{TResource}"/> to learn from responses, whose headers say what the
/// service itself has counted, including the calls of other machines.
/// </summary>
public interface IChatsQuotaFeedback
{
    /// <summary>
    /// Called once for every response, when its head has arrived and before the lease is disposed. It must neither block nor throw.
    /// </summary>
    /// <param name="lease">The lease that the attempt was made with.</param>
    /// <param name="attempt">The attempt that received the response.</param>
    /// <param name="response">What the response said.</param>
    void Report(RateLimitLease lease, ChatsCall attempt, ChatsResponseInfo response);
}
