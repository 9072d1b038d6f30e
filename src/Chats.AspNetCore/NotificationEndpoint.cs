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
    private const string TooLong = "The body is longer than 64 KiB, or than the server allows.";

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
        var result = new Result(StatusCodes.Status503ServiceUnavailable, Aborted);
        try
        {
            var received = await ReceiveAsync(context);
            await RespondAsync(context.Response, received);
            result = received;
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Usually nobody is waiting for the response. But if it was only a request timeout of the application that ended the request, the
            // default status 200 would confirm the notification.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = result.Status;
            }
        }

        Observer.Notify(() => metrics.Ended(result.Type, result.Outcome, clock.GetElapsedTime(start)));
    }

    private async Task<Result> ReceiveAsync(HttpContext context)
    {
        if (!_sender.Allows(context))
        {
            _logger.SenderRejected(context.Connection.RemoteIpAddress);
            return new Result(StatusCodes.Status403Forbidden, Rejected);
        }

        if (!context.Request.HasJsonContentType() || !context.Request.Headers.ContentEncoding.All(IsIdentity))
        {
            return Reject(StatusCodes.Status415UnsupportedMediaType, "The body must be uncompressed application/json.");
        }

        var body = new byte[MaxBodyBytes + 1];
        int length;
        try
        {
            length = context.Request.ContentLength > MaxBodyBytes
                ? body.Length
                : await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode != StatusCodes.Status400BadRequest)
        {
            var isTooLong = exception.StatusCode == StatusCodes.Status413PayloadTooLarge;
            return Reject(exception.StatusCode, isTooLong ? TooLong : "The body arrived too slowly.");
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The connection was closed, the chunks are malformed, or a middleware could not decompress the body.
            return Incomplete(exception);
        }

        // A middleware that decompresses leaves the length of the compressed body in the header.
        if (length > MaxBodyBytes)
        {
            return Reject(StatusCodes.Status413PayloadTooLarge, TooLong);
        }

        if (ReceivedNotification.TryRead(body, length, out var type, out var malformed) is not { } notification)
        {
            // A 400 would be final. The length in the header may be that of a compressed body, so it says nothing about a body that can be read.
            return length < (context.Request.ContentLength ?? 1)
                ? Incomplete(exception: null, type)
                : Reject(StatusCodes.Status400BadRequest, malformed!, type);
        }

        var outcome = await HandleAsync(context, notification);
        return outcome switch
        {
            Aborted => new Result(StatusCodes.Status503ServiceUnavailable, outcome, type),
            Failed => new Result(
                StatusCodes.Status500InternalServerError, outcome, type, Error(NotificationErrorType.Unknown, "The notification was not handled.")),
            _ => new Result(StatusCodes.Status200OK, outcome, type, new NotificationResponse
            {
                Name = _name,
                Version = _version,
                Time = clock.GetUtcNow().ToUniversalTime(),
            }),
        };
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

    /// <summary>Only a 400 is final: after any other status the service sends the notification again.</summary>
    private Result Reject(int status, string reason, NotificationType? type = null)
    {
        var isFinal = status == StatusCodes.Status400BadRequest;
        if (isFinal)
        {
            _logger.Malformed(reason);
        }
        else
        {
            _logger.BodyRejected(reason);
        }

        return new Result(status, isFinal ? Malformed : Rejected, type, Error(NotificationErrorType.WrongEventFormat, reason));
    }

    private Result Incomplete(Exception? exception, NotificationType? type = null)
    {
        _logger.Incomplete(exception);
        return new Result(StatusCodes.Status503ServiceUnavailable, Aborted, type);
    }

    private static NotificationErrorResponse Error(NotificationErrorType type, string message) =>
        new() { Error = new NotificationError { Type = type, Message = message } };

    private static async Task RespondAsync(HttpResponse response, Result result)
    {
        response.StatusCode = result.Status;
        if (result.Body is { } model)
        {
            var json = ModelWriter.Write(model);
            response.ContentType = "application/json";
            response.ContentLength = json.Length;
            await response.Body.WriteAsync(json);
        }
    }

    private static bool IsIdentity(string? encoding) => string.IsNullOrEmpty(encoding) || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    private static string Truncate(string? name) =>
        string.IsNullOrEmpty(name) ? "unknown" : name.Length > MaxNameLength ? name[..MaxNameLength] : name;

    /// <summary>The response, and how the request is counted. A body is sent only if there is one.</summary>
    private sealed record Result(int Status, string Outcome, NotificationType? Type = null, IJsonModel? Body = null);
}
