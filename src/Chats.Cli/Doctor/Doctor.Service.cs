using System.Globalization;
using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Cli;

// Whether the key can be one, and whether the service takes it.
internal sealed partial class Doctor
{
    private const long AnyId = 1;

    /// <summary>Prints nothing of the key.</summary>
    private async Task<CheckResult> KeyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var key = await readKeyAsync(cancellationToken);
            new ChatsClientOptions { ApiKey = key }.Validate();
            options.ApiKey = key;
            return CheckResult.Ok(TokenOfCabinet().IsMatch(key)
                ? "The key has the form of a cabinet's token."
                : "The key is usable, but does not have the form of a cabinet's token (ACMA:…).");
        }
        catch (UsageException exception)
        {
            return CheckResult.Failed("There is no key.", exception.Message, ExitCode.Usage);
        }
        catch (ArgumentException exception)
        {
            var fault = exception.Message.Split(": ", 2)[1];
            return CheckResult.Failed(
                "This cannot be a key: " + fault, "Copy the token from the cabinet once more, and only the token.", ExitCode.Usage);
        }
    }

    /// <summary>
    /// One harmless read: getChatMessage, with the ids of the command line. Without ids it asks for message 1 of chat 1, which the service
    /// does not have: its 404 proves the key and the address as well as a message would.
    /// </summary>
    private async Task<CheckResult> ReadAsync(CancellationToken cancellationToken)
    {
        var (business, chat, message) = (ids.Business ?? AnyId, ids.Chat ?? AnyId, ids.Message ?? AnyId);
        var what = string.Create(CultureInfo.InvariantCulture, $"getChatMessage of business {business}, chat {chat}, message {message}");
        using var client = new ChatsClient(options);
        try
        {
            await client.GetChatMessageAsync(business, chat, message, cancellationToken);
            return CheckResult.Ok($"{what}: the message was read.");
        }
        catch (ChatsApiException exception)
        {
            var reason = exception.Errors.Count > 0 ? Outcome.Reason(exception.Errors[0], options.ApiKey) : "";
            var result = Explain(exception, reason);
            return result with { Found = $"{what}: {result.Found.TrimEnd('.')} ({exception.StatusCode}{(reason.Length > 0 ? ", " : "")}{reason})." };
        }
        catch (ChatsResponseException exception)
        {
            return CheckResult.Failed(
                $"{what}: what responded is not the service ({exception.StatusCode}, not its JSON).",
                "Something in between responds in its place: a proxy, or the sign-in page of a network. Or --base-address is wrong.");
        }
        catch (ChatsConnectionException)
        {
            return CheckResult.Failed($"{what}: the connection broke before a whole response came.", "Try again; if it stays, look at what is in between.");
        }
    }

    private CheckResult Explain(ChatsApiException exception, string reason) => exception.StatusCode switch
    {
        401 => CheckResult.Failed(
            "The service does not take the key.", "Copy the token from the cabinet once more; it may be revoked, or of another cabinet."),
        403 when reason.Contains("scope", StringComparison.OrdinalIgnoreCase) => CheckResult.Failed(
            "The key lacks the scope for reading.",
            $"Give it one of {string.Join(", ", exception.Operation.RequiredScopes)} in the cabinet; that takes up to 10 minutes."),
        403 when ids.Business is null => new CheckResult(
            CheckState.Skipped, "The service knows the key, but business 1 is not its own.", "To check the rights of the key, name your --business."),
        403 => CheckResult.Failed(
            "The key may not use this business.",
            "Check --business; the cabinet may be inactive, its access to the API disabled, or a subscription missing."),
        404 when !reason.Contains("Can't find", StringComparison.Ordinal) => CheckResult.Failed(
            "The service has no such operation.", "Check the path of --base-address: it ends in /v2/."),
        404 when ids.Chat is null || ids.Message is null => CheckResult.Ok(
            "Key and address work; that there is no such message was expected"),
        404 => CheckResult.Failed("Key and address work, but there is no such message.", "Check --business, --chat and --message."),
        420 or 429 => CheckResult.Failed(
            "The key works, but a limit is exceeded.",
            $"Wait {(exception.RetryAfter is { } wait ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(wait.TotalSeconds)} s") : "a moment")}: "
                + "the limits count for all programs of the business."),
        423 => CheckResult.Failed("The business is being migrated.", "Try again later."),
        >= 300 and < 400 => CheckResult.Failed(
            "The response is a redirect.", "Check --base-address; the sign-in page of a network does this too."),
        >= 500 => CheckResult.Failed(
            "The service, or something in front of it, has failed.", "Try again later; the service's support asks for the time and the trace."),
        _ => CheckResult.Failed("The service refuses the request.", "Check --base-address and the ids; what is in between may change requests."),
    };

    // As documented. The client accepts other forms, in case the service does.
    [GeneratedRegex("^ACMA:[^:]{40}:[^:]{8}$")]
    private static partial Regex TokenOfCabinet();
}
