namespace YandexMarket.Chats.Emulator;

public sealed partial class EmulatedChat
{
    private readonly List<(Func<EmulatedMessage, bool> Wanted, TaskCompletionSource<EmulatedMessage> Found)> _waiting = [];

    /// <summary>
    /// Waits for a message, such as the response of the program under test: <c>await chat.WaitForAsync(it => it.Text == "Hi")</c>. If the
    /// chat already holds one, that is it.
    /// </summary>
    /// <param name="wanted">Whether a message is the one. It can be asked on any thread; an exception of it ends the waiting.</param>
    /// <param name="cancellationToken">Cancels waiting. Pass one with a timeout, so that a failing test does not wait forever.</param>
    /// <returns>The first message that is wanted.</returns>
    /// <exception cref="ArgumentNullException">The condition is null.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<EmulatedMessage> WaitForAsync(Func<EmulatedMessage, bool> wanted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var waiter = (wanted, new TaskCompletionSource<EmulatedMessage>(TaskCreationOptions.RunContinuationsAsynchronously));
        EmulatedMessage[] present;
        lock (_gate)
        {
            _waiting.Add(waiter);
            present = [.. _messages];
        }

        try
        {
            return Array.Find(present, message => wanted(message))
                ?? await waiter.Item2.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _waiting.Remove(waiter);
            }
        }
    }

    private void Notify(EmulatedMessage message)
    {
        (Func<EmulatedMessage, bool> Wanted, TaskCompletionSource<EmulatedMessage> Found)[] waiting;
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return;
            }

            waiting = [.. _waiting];
        }

        foreach (var (wanted, found) in waiting)
        {
            try
            {
                if (wanted(message))
                {
                    found.TrySetResult(message);
                }
            }
            catch (Exception exception)
            {
                // It belongs to the waiting caller, not to the one whose message this is.
                found.TrySetException(exception);
            }
        }
    }
}
