using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli;

/// <summary>How a command ended: as an exit code, for a person (on standard error if it failed), and for a script.</summary>
internal sealed record Outcome(int Code, string Text, JObject Json)
{
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
        var error = new JObject
        {
            ["type"] = exception is UsageException ? "Usage" : exception.GetType().Name,
            ["message"] = text,
        };
        var json = new JObject { ["error"] = error };
        if (isSend)
        {
            json.AddFirst(new JProperty("sent", code == ExitCode.MayHaveBeenSent ? "maybe" : "no"));
        }

        return new Outcome(code, string.Join(Environment.NewLine + "  ", ["chats: " + text, .. AddDetails(exception, isSend, shell.Key, error)]), json);
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

    /// <summary>Adds what the exception knows to the JSON, and returns what of it a person should read.</summary>
    private static List<string> AddDetails(Exception exception, bool isSend, string? key, JObject error)
    {
        var lines = new List<string>();
        switch (exception)
        {
            case ChatsResponseException response:
                error["status"] = response.StatusCode;
                break;
            case ChatsConnectionException connection:
                error["isTimeout"] = connection.IsTimeout;
                break;
            case ChatsApiException api:
                error["status"] = api.StatusCode;
                if (isSend && api is not ChatsRateLimitException)
                {
                    lines.Add("The service's reasons are not shown, because they can quote the text. To check the key and its access: chats doctor");
                }
                else if (api.Errors.Count > 0 && !isSend)
                {
                    lines.AddRange(api.Errors.Select(reason => Reason(reason, key)));
                    error["reasons"] = new JArray(lines);
                }

                if (api is ChatsRateLimitException { RetryAfter: { } wait })
                {
                    error["retryAfterSeconds"] = Math.Ceiling(wait.TotalSeconds);
                    lines.Add($"Wait {Math.Ceiling(wait.TotalSeconds)} seconds.");
                }

                if (api.TraceParent is { } trace && (key is null || !trace.Contains(key, StringComparison.Ordinal)))
                {
                    error["traceParent"] = Safe.Line(trace);
                    lines.Add($"Trace id for the service's support: {Safe.Line(trace)}");
                }

                break;
        }

        return lines;
    }
}

/// <summary>The command was used wrongly; the message says how to fix it, and quotes neither key nor text.</summary>
internal sealed class UsageException(string message) : Exception(message);
