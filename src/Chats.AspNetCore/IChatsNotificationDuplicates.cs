namespace YandexMarket.Chats.AspNetCore;

/// <summary>
/// What several machines know of the notifications that they received. If one is registered, it is asked of each notification that this
/// process has not handled itself in the last hour; without one, only this process drops its duplicates.
/// </summary>
public interface IChatsNotificationDuplicates
{
    /// <summary>
    /// Starts a notification. While another machine handles it, this waits for its end. An exception ends the notification with a 500, so that
    /// the service sends it again.
    /// </summary>
    /// <param name="notification">Identifies it, the same for every repetition: its type, business, chat and what sets it apart in the chat.</param>
    /// <param name="cancellationToken">The service has closed the connection.</param>
    /// <returns>True if it is to be handled here, and then <see cref="EndAsync"/> follows; false if it was handled.</returns>
    Task<bool> TryStartAsync(string notification, CancellationToken cancellationToken);

    /// <summary>Ends a notification that was started here. It must not throw.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="handled">Whether it was handled; one that was not is forgotten, so that the next attempt is handled.</param>
    /// <returns>A task that ends when it is known to the others.</returns>
    Task EndAsync(string notification, bool handled);
}
