using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Can be implemented by a custom <see cref="PartitionedRateLimiter{TResource}"/> to take responses into account, whose headers say what the
/// service itself has counted, including the calls of other machines.
/// </summary>
public interface IChatsQuotaFeedback
{
    /// <summary>
    /// Called once for every response, when its headers have arrived and before the lease is disposed. It must neither block nor throw.
    /// </summary>
    /// <param name="lease">The lease of the attempt.</param>
    /// <param name="attempt">The attempt that received the response.</param>
    /// <param name="response">The metadata of the response.</param>
    void Report(RateLimitLease lease, ChatsCall attempt, ChatsResponseInfo response);
}
