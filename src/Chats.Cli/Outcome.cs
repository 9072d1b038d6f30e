using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli;

/// <summary>How a command ended: as an exit code, for a person (on standard error if it failed), and for a script.</summary>
internal sealed record Outcome(int Code, string Text, JObject Json)
{
    private static readonly JsonSerializer _withoutNulls = new() { NullValueHandling = NullValueHandling.Ignore };

    /// <summary>Of a command that failed. The shell knows whether the send has begun, and the key, to keep it out of the output.</summary>
    public static Outcome Of(Exception exception, bool isSend, Shell shell)
    {
        var (code, text) = exception switch
        {
            UsageException => (ExitCode.Usage, exception.Message),
            // Before ArgumentException, its base: its own message quotes bytes of the text.
            DecoderFallbackException => (ExitCode.Usage, "Standard input is not UTF-8: convert it first (iconv -t UTF-8). Nothing was sent."),
            // Without .NET's addition, which names a parameter that the user of a tool does not see.
            ArgumentException => (ExitCode.Usage, exception.Message.Split(" (Parameter '")[0] + " Nothing was sent."),
            ChatsException { MayHaveBeenSent: var mayHave } => (mayHave ? ExitCode.MayHaveBeenSent : ExitCode.NotSent, exception.Message),
            ChatsCanceledException { MayHaveBeenSent: true } => (
                ExitCode.MayHaveBeenSent,
                "Stopped while the message was being sent. It may have been sent: look into the chat before sending it again."),
            OperationCanceledException => (ExitCode.NotSent, isSend ? "Stopped before anything was sent." : "Stopped."),

            // The message is left out: it could quote anything.
            _ when shell.IsSending => (
                ExitCode.MayHaveBeenSent,
                $"An unexpected {exception.GetType().Name}. The message may have been sent: look into the chat before sending it again."),
            _ => (ExitCode.Unexpected, $"An unexpected {exception.GetType().Name}.{(isSend ? " The message was not sent." : "")}"),
        };
        text = text.Replace(nameof(ChatsClientOptions.AllowInsecureHttp), "--allow-insecure-http", StringComparison.Ordinal)
            .Replace(nameof(ChatsClientOptions.BaseAddress), "--base-address", StringComparison.Ordinal)
            .Replace("see Errors of this exception, or ", "", StringComparison.Ordinal);
        var api = exception as ChatsApiException;
        // The service's reasons for rejecting a send can quote the text.
        string[] reasons = api is null || isSend ? [] : [.. api.Errors.Select(error => Reason(error, shell.Key))];
        var wait = api is ChatsRateLimitException { RetryAfter: { } time } ? Math.Ceiling(time.TotalSeconds) : (double?)null;
        var trace = api?.TraceParent is { } id && !id.Contains(shell.Key ?? "\0", StringComparison.Ordinal) ? Safe.Line(id) : null;
        string?[] lines =
        [
            "chats: " + text,
            isSend && api is not (null or ChatsRateLimitException)
                ? "The service's reasons are not shown, because they can quote the text. To check the key and its access: chats doctor" : null,
            .. reasons,
            wait is null ? null : $"Wait {wait} seconds.",
            trace is null ? null : $"Trace id for the service's support: {trace}",
        ];
        var json = new
        {
            sent = !isSend ? null : code == ExitCode.MayHaveBeenSent ? "maybe" : "no",
            error = new
            {
                type = exception is UsageException ? "Usage" : exception.GetType().Name,
                message = text,
                status = api?.StatusCode ?? (exception as ChatsResponseException)?.StatusCode,
                isTimeout = (exception as ChatsConnectionException)?.IsTimeout,
                reasons = reasons.Length > 0 ? reasons : null,
                retryAfterSeconds = wait,
                traceParent = trace,
            },
        };
        return new Outcome(code, string.Join(Environment.NewLine + "  ", lines.OfType<string>()), JObject.FromObject(json, _withoutNulls));
    }

    /// <summary>The service's error, safe to print and without the key.</summary>
    public static string Reason(ApiError error, string? key) =>
        Safe.Line($"{error.Code}: {error.Message}".Replace(key ?? "\0", "…", StringComparison.Ordinal));

    /// <summary>Prints it.</summary>
    /// <returns>The exit code: <see cref="Code"/>, unless the output was the command's only purpose and could not be written.</returns>
    public int Report(Shell shell, bool asJson)
    {
        if (!asJson && Code != ExitCode.Done)
        {
            shell.Warn(Text);
            return Code;
        }

        try
        {
            Json.AddFirst(new JProperty("exitCode", Code));
            shell.Out.WriteLine(asJson ? Safe.Json(Json.ToString(Formatting.Indented)) : Text);
            return Code;
        }
        catch (Exception)
        {
            // Neither a full disk nor a closed output unsends a message; .NET has another exception for each error of the system.
            var isSent = Code == ExitCode.Done && Json.ContainsKey("sent");
            shell.Warn($"chats: {(isSent ? "The message was sent, but standard" : "Standard")} output cannot be written.");
            if (Code != ExitCode.Done)
            {
                shell.Warn(Text);
            }

            return isSent || Code != ExitCode.Done ? Code : ExitCode.Unexpected;
        }
    }
}

/// <summary>The command was used wrongly; the message says how to fix it, and quotes neither key nor text.</summary>
internal sealed class UsageException(string message) : Exception(message);
