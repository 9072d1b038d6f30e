using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Can be implemented by a custom <see cref="PartitionedRateLimiter{TResource}"/> to learn how attempts ended. The headers of responses say
/// what the service itself has counted, including the calls of other machines.
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

    /// <summary>
    /// Called once, before the lease is disposed, if it is certain that the service did not receive the attempt, for example because it could not be
    /// reached, or because the call ended before it got the lease. It must neither block nor throw. An attempt whose lease is disposed without
    /// either report may have been counted.
    /// </summary>
    /// <param name="lease">The lease of the attempt.</param>
    /// <param name="attempt">The attempt that was not sent.</param>
    void ReportNotSent(RateLimitLease lease, ChatsCall attempt);
}
