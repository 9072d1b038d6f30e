using YandexMarket.Chats.Hosting;
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
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            throw new AttemptException(Describe(exception));
        }
    }

    /// <summary>
    /// A wrong key, a key without access, a response that cannot be read, and what a wrong address or a proxy responds with are not caused by the
    /// message: like network failures they do not count.
    /// </summary>
    public static AttemptFailure Describe(Exception failure) => new(
        Reason(failure),
        failure is ChatsException { IsTransient: true } or ChatsApiException { StatusCode: 401 or 403 or (>= 300 and < 400) or 405 or 407 or 415 }
            or ChatsApiKeyException or ChatsScopeException or ChatsResponseException
            || (failure is ChatsApiException { StatusCode: 404 } missing && !missing.Errors.Any(it => it.Message?.Contains("Can't find", StringComparison.Ordinal) is true)),
        (failure as ChatsException)?.RetryAfter,
        failure is ChatsQuotaException);

    /// <summary>The messages of the client's exceptions quote no text; those of others might.</summary>
    public static string Reason(Exception failure) =>
        failure is ChatsException or ChatsCanceledException ? $"{failure.GetType().Name}: {failure.Message}" : failure.GetType().Name;
}
