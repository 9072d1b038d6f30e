using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using YandexMarket.Chats.Hosting;
using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Work;

/// <summary>Logs ids, states, and the types and stack traces of failures; never a text.</summary>
internal sealed partial class ResponderLog(ILogger<ResponderLog> logger)
{
    private readonly GuardedLogger _logger = new(logger);

    /// <summary>The type and the database's code: a message could quote a text.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        DatabaseFileMissingException => failure.Message,
        SqliteException sqlite => $"{nameof(SqliteException)} {sqlite.SqliteErrorCode}",
        DbException { SqlState: null, InnerException: { } inner } => $"{failure.GetType().Name} {inner.GetType().Name}",
        DbException { SqlState: { } state } => $"{failure.GetType().Name} {state}",
        _ => failure.GetType().Name,
    };

    /// <summary>The types and stack traces of an exception and its inner ones, without their messages.</summary>
    public static string Trace(Exception? failure)
    {
        var trace = new StringBuilder();
        for (; failure is not null; failure = failure.InnerException)
        {
            trace.AppendLine(failure.GetType().FullName).AppendLine(failure.StackTrace);
        }

        return trace.ToString();
    }

    [LoggerMessage(EventId = 1, Message = "Message {MessageId} of business {BusinessId}, chat {ChatId}: nothing was sent. {Reason}")]
    public partial void Failed(LogLevel level, long businessId, long chatId, long messageId, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Message {MessageId} of business {BusinessId}, chat {ChatId}: its reply may have been sent. {Reason}")]
    public partial void InDoubt(long businessId, long chatId, long messageId, string reason);

    [LoggerMessage(3, LogLevel.Information, "Message {MessageId} of business {BusinessId}, chat {ChatId} proves that a reply in doubt was sent")]
    public partial void Proved(long businessId, long chatId, long messageId);

    [LoggerMessage(4, LogLevel.Error, "Message {MessageId} of business {BusinessId}, chat {ChatId} needs a human. {Reason}")]
    public partial void NeedsAttention(long businessId, long chatId, long messageId, string reason);

    [LoggerMessage(5, LogLevel.Error, "Message {MessageId} of business {BusinessId}, chat {ChatId}: its new state could not be stored yet: {Error}")]
    public partial void NotRecorded(long businessId, long chatId, long messageId, string error);

    [LoggerMessage(6, LogLevel.Error, "The database failed: {Error}. The responder retries in {Milliseconds:0} ms")]
    public partial void DatabaseFailed(string error, double milliseconds);

    [LoggerMessage(7, LogLevel.Error, "The AttentionNeeded callback threw {Trace}")]
    public partial void CallbackFailed(string trace);

    [LoggerMessage(8, LogLevel.Error, "Message {MessageId} of business {BusinessId}, chat {ChatId} was not handled, and waits until its lease expires: {Error}")]
    public partial void Abandoned(long businessId, long chatId, long messageId, string error);

    // Logs the complete exception: it contains no chat text.
    [LoggerMessage(9, LogLevel.Error, "The table could not be created or migrated. The responder retries in {Milliseconds:0} ms")]
    public partial void NotMigrated(Exception failure, double milliseconds);

    [LoggerMessage(10, LogLevel.Warning, "Message {MessageId} of business {BusinessId}, chat {ChatId}: the responder threw {Trace}")]
    public partial void ResponderThrew(long businessId, long chatId, long messageId, string trace);

    // Logs the complete exception: no code has seen a text yet.
    [LoggerMessage(11, LogLevel.Error, "The container could not create the responder")]
    public partial void NotResolved(Exception failure);
}
