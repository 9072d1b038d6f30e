using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Hosting;

/// <summary>The log messages: operations, ids, statuses and times. Never a chat's text, a key or an exception.</summary>
internal sealed partial class ChatsLog(ILogger logger)
{
    private readonly GuardedLogger _logger = new GuardedLogger(logger);

    /// <summary>Whether a failed call would be logged.</summary>
    public bool LogsFailures => _logger.IsEnabled(LogLevel.Warning);

    [LoggerMessage(1, LogLevel.Debug, "{Operation} of business {BusinessId}, chat {ChatId}: completed in {Milliseconds:0} ms")]
    public partial void Done(string operation, long businessId, long? chatId, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "{Operation} of business {BusinessId}, chat {ChatId}: {Error} after {Milliseconds:0} ms; may have been sent: {MayHaveBeenSent}; request id: {TraceParent}")]
    public partial void Failed(string operation, long businessId, long? chatId, string error, double milliseconds, bool mayHaveBeenSent, string traceParent);

    [LoggerMessage(3, LogLevel.Information, "{Operation}: attempt {Attempt} failed with {Reason}; retrying in {Milliseconds:0} ms")]
    public partial void Retrying(string operation, int attempt, string reason, double milliseconds);

    [LoggerMessage(4, LogLevel.Error, "The reloaded configuration of client '{Name}' was ignored, and the last valid key stays in use: {Reason}")]
    public partial void ReloadIgnored(string name, string reason);

    [LoggerMessage(5, LogLevel.Error, "The limiter failed: {Error}")]
    public partial void LimiterFailed(string error);
}
