namespace YandexMarket.Chats.Wire;

internal static class TaskExtensions
{
    /// <summary>Waits for a task that may ignore the token, until the token is canceled. An abandoned task's exception is observed.</summary>
    public static async ValueTask<T> WaitOrCancelAsync<T>(this ValueTask<T> pending, CancellationToken cancellationToken)
    {
        if (pending.IsCompleted)
        {
            return await pending.ConfigureAwait(false);
        }

        var task = pending.AsTask();
        _ = task.ContinueWith(
            static ended => ended.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return await task.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(false);
    }
}
