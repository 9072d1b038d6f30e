using System.Globalization;
using System.Text;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli;

internal sealed partial record Outcome
{
    /// <summary>Of a command that was used wrongly.</summary>
    public static Outcome Of(UsageException exception, bool isSend) => Of(exception, isSend, wasCalled: false, key: null);

    /// <summary>Of a call that failed.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="isSend">Whether the call was to send a message.</param>
    /// <param name="wasCalled">Whether the client was called, so that something may have been sent to the service.</param>
    /// <param name="key">The key, to keep it out of what the service says, or null if there is none yet.</param>
    public static Outcome Of(Exception exception, bool isSend, bool wasCalled, string? key)
    {
        var (code, text) = exception switch
        {
            UsageException => (ExitCode.Usage, exception.Message),
            // Before ArgumentException, which it is one of: its own message quotes bytes of the text.
            DecoderFallbackException => (ExitCode.Usage, "Standard input is not UTF-8: convert it first (iconv -t UTF-8). Nothing was sent."),
            ArgumentException argument => (ExitCode.Usage, Plain(argument)),
            ChatsException { MayHaveBeenSent: true } => (ExitCode.MayHaveBeenSent, exception.Message),
            ChatsException => (ExitCode.NotSent, exception.Message),
            ChatsCanceledException { MayHaveBeenSent: true } => (
                ExitCode.MayHaveBeenSent,
                "Stopped while the message was being sent. It may have been sent: look into the chat before it is sent again."),
            OperationCanceledException => (ExitCode.NotSent, isSend ? "Stopped before anything was sent." : "Stopped."),

            // Its message is left out: it could quote anything.
            _ when isSend && wasCalled => (
                ExitCode.MayHaveBeenSent,
                $"An unexpected {exception.GetType().Name}. The message may have been sent: look into the chat before it is sent again."),
            _ => (ExitCode.Unexpected, $"An unexpected {exception.GetType().Name}. {(isSend ? "The message was not sent." : "")}".TrimEnd()),
        };
        var json = new JObject();
        if (isSend)
        {
            json["sent"] = code == ExitCode.MayHaveBeenSent ? "maybe" : "no";
        }

        json["error"] = ErrorJson(exception, text);
        return new Outcome(code, Lines(exception, text, isSend, key, (JObject)json["error"]!), json);
    }

    /// <summary>What the service said, safe to print and without the key.</summary>
    public static string Reason(ApiError error, string? key) =>
        Safe.Line($"{error.Code}: {error.Message}".Replace(key ?? "\0", "…", StringComparison.Ordinal));

    private static JObject ErrorJson(Exception exception, string? text = null) => new()
    {
        ["type"] = exception is UsageException ? "Usage" : exception.GetType().Name,
        ["message"] = text ?? exception.Message,
    };

    /// <summary>The text with what the service reported about the error beside it, which the JSON gets too.</summary>
    private static string Lines(Exception exception, string text, bool isSend, string? key, JObject json)
    {
        var lines = new StringBuilder("chats: ").Append(text);
        if (exception is ChatsResponseException response)
        {
            json["status"] = response.StatusCode;
        }

        if (exception is ChatsConnectionException connection)
        {
            json["isTimeout"] = connection.IsTimeout;
        }

        if (exception is not ChatsApiException api)
        {
            return lines.ToString();
        }

        json["status"] = api.StatusCode;

        // What the service says of a send can quote the text; of a read it cannot.
        foreach (var error in isSend ? [] : api.Errors)
        {
            var reason = Reason(error, key);
            lines.AppendLine().Append("  ").Append(reason);
            ((JArray)(json["reasons"] ??= new JArray())).Add(reason);
        }

        if (exception is ChatsRateLimitException { RetryAfter: { } wait })
        {
            json["retryAfterSeconds"] = Math.Ceiling(wait.TotalSeconds);
            lines.AppendLine().Append(CultureInfo.InvariantCulture, $"  Wait {Math.Ceiling(wait.TotalSeconds)} seconds.");
        }

        if (api.TraceParent is { } trace && (key is null || !trace.Contains(key, StringComparison.Ordinal)))
        {
            json["traceParent"] = Safe.Line(trace);
            lines.AppendLine().Append("  The service's support finds the call by ").Append(Safe.Line(trace));
        }

        return lines.ToString();
    }

    /// <summary>Without .NET's own addition, which names a parameter of a method that the user of a tool does not see.</summary>
    private static string Plain(ArgumentException exception)
    {
        var end = exception.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return (end < 0 ? exception.Message : exception.Message[..end]) + " Nothing was sent.";
    }
}
