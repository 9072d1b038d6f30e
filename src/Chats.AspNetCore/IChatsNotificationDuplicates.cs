namespace YandexMarket.Chats.AspNetCore;

/// <summary>
/// Recognizes duplicate notifications across machines. If one is registered, it is asked for each notification that this process has not
/// handled itself in the last hour. Without one, each process recognizes only its own duplicates.
/// </summary>
public interface IChatsNotificationDuplicates
{
    /// <summary>
    /// Starts handling a notification. If another machine is handling it, waits until that one ends. If this throws, the response is 500, and
    /// the service sends the notification again.
    /// </summary>
    /// <param name="notificationId">Identifies the event, and is the same for all its duplicates.</param>
    /// <param name="cancellationToken">Canceled when the service closes the connection.</param>
    /// <returns>True: handle it here, and call <see cref="EndAsync"/> afterwards. False: it has been handled.</returns>
    Task<bool> TryStartAsync(string notificationId, CancellationToken cancellationToken);

    /// <summary>Ends the handling of a notification that was started here. Must not throw.</summary>
    /// <param name="notificationId">The same id as in <see cref="TryStartAsync"/>.</param>
    /// <param name="handled">True if it was handled. If false it is forgotten, so that the next attempt is not a duplicate.</param>
    /// <returns>Completes when the other machines can see it.</returns>
    Task EndAsync(string notificationId, bool handled);
}
