namespace YandexMarket.Chats.Responder.Work;

/// <summary>Wakes the worker when this process stored a message or finished handling one.</summary>
internal sealed class WorkSignal
{
    private TaskCompletionSource _next = NewSignal();

    /// <summary>Completes with the next signal. Read it before you look for work, so that no signal is missed.</summary>
    public Task Raised => Volatile.Read(ref _next).Task;

    public void Raise() => Interlocked.Exchange(ref _next, NewSignal()).SetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
