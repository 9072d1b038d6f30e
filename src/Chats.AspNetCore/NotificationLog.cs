using System.Net;
using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.AspNetCore;

/// <summary>Logs types, ids, addresses and the application's own exceptions; never a body.</summary>
internal static partial class NotificationLog
{
    [LoggerMessage(1, LogLevel.Warning, "A notification was rejected: {Address} is not an address of the service. Behind a proxy, use the Forwarded Headers Middleware and add the proxy to its known proxies")]
    public static partial void SenderRejected(this ILogger logger, IPAddress? address);

    [LoggerMessage(2, LogLevel.Warning, "{Type} of business {BusinessId} was ignored: the business is not configured")]
    public static partial void OtherBusiness(this ILogger logger, NotificationType type, long businessId);

    [LoggerMessage(3, LogLevel.Warning, "A malformed notification was rejected: {Reason}")]
    public static partial void Malformed(this ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Error, "{Type} of business {BusinessId}, chat {ChatId} was not handled: the service will send it again")]
    public static partial void HandlerFailed(this ILogger logger, Exception exception, NotificationType type, long businessId, long chatId);

    [LoggerMessage(5, LogLevel.Warning, "{Type} of business {BusinessId}, chat {ChatId}: the connection was closed while a duplicate waited for the first one, which is still being handled")]
    public static partial void StillHandled(this ILogger logger, NotificationType type, long businessId, long chatId);

    [LoggerMessage(6, LogLevel.Warning, "A notification was rejected, and the service will send it again: {Reason}")]
    public static partial void BodyRejected(this ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Warning, "The body of a notification was incomplete, could not be decompressed, or was already read by a middleware: the service will send it again")]
    public static partial void Incomplete(this ILogger logger, Exception? exception);
}
