using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using YandexMarket.Chats.Hosting;

namespace YandexMarket.Chats.AspNetCore;

/// <summary>Responds to the requests of the service.</summary>
internal sealed class NotificationEndpoint(
    IOptions<ChatsNotificationOptions> options, IHostEnvironment environment, ILogger<NotificationEndpoint> logger, NotificationMetrics metrics,
    TimeProvider clock, IChatsNotificationDuplicates? duplicates = null)
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxNameLength = 100;

    private const string Handled = "handled";
    private const string Duplicate = "duplicate";
    private const string Ping = "ping";
    private const string Ignored = "ignored";
    private const string Failed = "failed";
    private const string Malformed = "malformed";
    private const string Rejected = "rejected";
    private const string Aborted = "aborted";

    private readonly GuardedLogger _logger = new(logger);
    private readonly SenderCheck _sender = new(options.Value, environment);
    private readonly RecentNotifications _recent = new(clock);
    private readonly string _name = options.Value.Name ?? Truncate(environment.ApplicationName);
    private readonly string _version = options.Value.Version ?? Truncate(Assembly.GetEntryAssembly()?.GetName().Version?.ToString());

    public async Task InvokeAsync(HttpContext context)
    {
        var start = clock.GetTimestamp();
        (NotificationType? Type, string Outcome) received = (null, Aborted);
        try
        {
            received = await ReceiveAsync(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Usually nobody is waiting for the response. But if it was only a request timeout of the application that ended the request, the
            // default status 200 would confirm the notification.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            }
        }

        Observer.Notify(() => metrics.Ended(received.Type, received.Outcome, clock.GetElapsedTime(start)));
    }

    private async Task<(NotificationType? Type, string Outcome)> ReceiveAsync(HttpContext context)
    {
        if (!_sender.Allows(context))
        {
            _logger.SenderRejected(context.Connection.RemoteIpAddress);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return (null, Rejected);
        }

        if (!context.Request.HasJsonContentType() || !context.Request.Headers.ContentEncoding.All(IsIdentity))
        {
            return await RejectBodyAsync(context, StatusCodes.Status415UnsupportedMediaType, "The body must be uncompressed application/json.");
        }

        var (body, length, status) = await ReadBodyAsync(context);
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.StatusCode = status;
            return (null, Aborted);
        }

        if (status != StatusCodes.Status200OK)
        {
            return await RejectBodyAsync(context, status, status == StatusCodes.Status413PayloadTooLarge
                ? "The body is longer than 64 KiB, or than the server allows." : "The body arrived too slowly.");
        }

        if (ReceivedNotification.TryRead(body, length, out var type, out var malformed) is not { } notification)
        {
            // A 400 would be final. The length in the header may be that of a compressed body, so it says nothing about a body that can be read.
            if (length < (context.Request.ContentLength ?? 1))
            {
                _logger.Incomplete(null);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return (type, Aborted);
            }

            return await RejectBodyAsync(context, StatusCodes.Status400BadRequest, malformed!, type);
        }

        var outcome = await HandleAsync(context, notification);
        if (outcome == Aborted)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        else if (outcome == Failed)
        {
            await RespondErrorAsync(context, StatusCodes.Status500InternalServerError, NotificationErrorType.Unknown, "The notification was not handled.");
        }
        else
        {
            await RespondAsync(context, StatusCodes.Status200OK, new NotificationResponse { Name = _name, Version = _version, Time = clock.GetUtcNow().ToUniversalTime() });
        }

        return (notification.Key.Type, outcome);
    }

    private async Task<string> HandleAsync(HttpContext context, ReceivedNotification notification)
    {
        var key = notification.Key;
        if (key.Type == NotificationType.Ping)
        {
            metrics.RecordPing();
            return Ping;
        }

        if (notification.Handle is null)
        {
            return Ignored;
        }

        if (options.Value.Businesses is { Count: > 0 } businesses && !businesses.Contains(key.BusinessId))
        {
            _logger.OtherBusiness(key.Type, key.BusinessId);
            return Ignored;
        }

        if (_recent.Start(key) is { } earlier)
        {
            try
            {
                return await earlier.WaitAsync(context.RequestAborted) ? Duplicate : Failed;
            }
            catch (OperationCanceledException)
            {
                _logger.StillHandled(key.Type, key.BusinessId, key.ChatId);
                return Aborted;
            }
        }

        var outcome = Failed;
        try
        {
            outcome = await RunOnceAsync(context, key, notification.Handle) ? Handled : Duplicate;
        }
        catch (Exception exception)
        {
            _logger.HandlerFailed(exception, key.Type, key.BusinessId, key.ChatId);
        }
        finally
        {
            _recent.End(key, handled: outcome != Failed);
        }

        return outcome;
    }

    /// <summary>False if another machine has handled it.</summary>
    private async Task<bool> RunOnceAsync(HttpContext context, NotificationKey key, Func<IChatsNotificationHandler, CancellationToken, Task> handle)
    {
        var id = $"{key.Type}:{key.BusinessId}:{key.ChatId}:{key.Detail}";
        if (duplicates is not null && !await duplicates.TryStartAsync(id, context.RequestAborted))
        {
            return false;
        }

        var handled = false;
        try
        {
            await RunAsync(context, handle);
            return handled = true;
        }
        finally
        {
            await (duplicates?.EndAsync(id, handled) ?? Task.CompletedTask);
        }
    }

    /// <summary>Runs the handlers on a new thread, so that handlers that block do not use up the threads that respond to a PING. After
    /// an await they run on the thread pool again, so one that blocks there does use up its threads.</summary>
    private static Task RunAsync(HttpContext context, Func<IChatsNotificationHandler, CancellationToken, Task> handle) => Task.Factory.StartNew(
        async () =>
        {
            foreach (var handler in context.RequestServices.GetServices<IChatsNotificationHandler>())
            {
                await handle(handler, context.RequestAborted);
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
        TaskScheduler.Default).Unwrap();

    /// <summary>Returns the body and status 200, or another status and no body.</summary>
    private async Task<(byte[] Body, int Length, int Status)> ReadBodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MaxBodyBytes)
        {
            return ([], 0, StatusCodes.Status413PayloadTooLarge);
        }

        try
        {
            // A middleware that decompresses leaves the length of the compressed body in the header.
            var body = new byte[MaxBodyBytes + 1];
            var length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
            return (body, length, length > MaxBodyBytes ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status200OK);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode != StatusCodes.Status400BadRequest)
        {
            // The body is too slow, or longer than the server allows.
            return ([], 0, exception.StatusCode);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The connection was closed, the chunks are malformed, or a middleware could not decompress the body.
            _logger.Incomplete(exception);
            return ([], 0, StatusCodes.Status503ServiceUnavailable);
        }
    }

    private async Task<(NotificationType? Type, string Outcome)> RejectBodyAsync(HttpContext context, int status, string reason, NotificationType? type = null)
    {
        // Only a 400 is final: after any other status the service sends the notification again.
        var isFinal = status == StatusCodes.Status400BadRequest;
        if (isFinal)
        {
            _logger.Malformed(reason);
        }
        else
        {
            _logger.BodyRejected(reason);
        }

        await RespondErrorAsync(context, status, NotificationErrorType.WrongEventFormat, reason);
        return (type, isFinal ? Malformed : Rejected);
    }

    private static Task RespondErrorAsync(HttpContext context, int status, NotificationErrorType type, string message) =>
        RespondAsync(context, status, new NotificationErrorResponse { Error = new NotificationError { Type = type, Message = message } });

    private static async Task RespondAsync(HttpContext context, int status, IJsonModel model)
    {
        var json = ModelWriter.Write(model);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json);
    }

    private static bool IsIdentity(string? encoding) => string.IsNullOrEmpty(encoding) || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    private static string Truncate(string? name) =>
        string.IsNullOrEmpty(name) ? "unknown" : name.Length > MaxNameLength ? name[..MaxNameLength] : name;
}
