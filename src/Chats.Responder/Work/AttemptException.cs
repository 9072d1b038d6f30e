using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Work;

/// <summary>A read or the responder failed. (If the database fails, the lease simply expires.)</summary>
internal sealed class AttemptException(AttemptFailure failure) : Exception
{
    public AttemptFailure Failure { get; } = failure;

    public static async Task<T> WrapAsync<T>(Func<Task<T>> attempt, CancellationToken stopping)
    {
        try
        {
            return await attempt().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            throw new AttemptException(Describe(failure));
        }
    }

    /// <summary>
    /// A wrong key, a key without access and a response that cannot be read are not the message's fault: like network failures they do not count.
    /// </summary>
    public static AttemptFailure Describe(Exception failure) => new(
        Reason(failure),
        failure is ChatsException { IsTransient: true } or ChatsApiException { StatusCode: 401 or 403 }
            or ChatsApiKeyException or ChatsScopeException or ChatsResponseException,
        (failure as ChatsException)?.RetryAfter);

    /// <summary>The messages of the client's exceptions quote no text; those of others might.</summary>
    public static string Reason(Exception failure) =>
        failure is ChatsException or ChatsCanceledException ? $"{failure.GetType().Name}: {failure.Message}" : failure.GetType().Name;
}
