using System.Text;
using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Cli;

// Whether the key is well-formed, and whether the service accepts it.
internal sealed partial class Doctor
{
    private const long AnyId = 1;

    /// <summary>Prints nothing of the key.</summary>
    private async Task<Finding> KeyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var key = await readKeyAsync(cancellationToken);
            new ChatsClientOptions { ApiKey = key }.Validate();
            options.ApiKey = key;
            return Ok(TokenOfCabinet().IsMatch(key)
                ? "The key looks like a cabinet's token."
                : "The key is usable, but does not look like a cabinet's token (ACMA:…).");
        }
        catch (UsageException exception)
        {
            const string Found = "There is no key.";
            return Failed(Found, exception.Message.Replace(Found + " ", "", StringComparison.Ordinal));
        }
        catch (DecoderFallbackException)
        {
            return Failed("Standard input is not UTF-8.", "Its first line must be the key; convert it first (iconv -t UTF-8).");
        }
        catch (ArgumentException exception)
        {
            return Failed("The key is malformed: " + exception.Message.Split(": ", 2)[1], "Copy the token from the cabinet again, and only the token.");
        }
    }

    /// <summary>Without ids it asks for a message that the service does not have: the 404 proves the key and the address as well.</summary>
    private async Task<Finding> ReadAsync(CancellationToken cancellationToken)
    {
        var (business, chat, message) = (ids.Business ?? AnyId, ids.Chat ?? AnyId, ids.Message ?? AnyId);
        var what = $"getChatMessage of business {business}, chat {chat}, message {message}";
        using var client = new ChatsClient(options);
        try
        {
            await client.GetChatMessageAsync(business, chat, message, cancellationToken);
            return Ok($"{what}: the message was read.");
        }
        catch (ChatsApiException exception)
        {
            var reason = exception.Errors.Count > 0 ? Outcome.Reason(exception.Errors[0], options.ApiKey) : "";
            var finding = Explain(exception, reason);
            return finding with { Found = $"{what}: {finding.Found.TrimEnd('.')} ({exception.StatusCode}{(reason.Length > 0 ? ", " : "")}{reason})." };
        }
        catch (ChatsResponseException exception)
        {
            return Failed(
                $"{what}: something other than the service responded ({exception.StatusCode}, not its JSON).",
                "It may be a proxy or the sign-in page of a network, or --base-address is wrong.");
        }
        catch (ChatsConnectionException)
        {
            return Failed(
                $"{what}: the connection broke before a complete response arrived.",
                "Try again; if it happens again, check the proxies and firewalls in between.");
        }
    }

    private Finding Explain(ChatsApiException exception, string reason) => exception.StatusCode switch
    {
        401 or 403 when reason.Length == 0 => Failed(
            "Something other than the service responded.",
            "It may be a proxy, a firewall or the sign-in page of a network, or --base-address is wrong."),
        401 => Failed(
            "The service rejects the key.", "Copy the token from the cabinet again; it may be revoked or belong to another cabinet."),
        403 when reason.Contains("scope", StringComparison.OrdinalIgnoreCase) => Failed(
            "The key lacks the scope for reading.",
            $"Add one of {string.Join(", ", exception.Operation.RequiredScopes)} to it in the cabinet; this takes up to 10 minutes."),
        403 when AboutTheAccount().IsMatch(reason) => Failed(
            "The account has no access to this operation for any business.",
            "Sign in to the cabinet, and check its API settings and whether the operation needs a subscription."),
        403 when ids.Business is null => Skipped(
            "The service knows the key, but the key has no access to business 1.", "To check the key's access, pass your --business."),
        403 => Failed(
            "The key has no access to this business.", "Check --business, and which businesses the key has access to in the cabinet."),
        404 when !reason.Contains("Can't find", StringComparison.Ordinal) => Failed(
            "The service has no such operation.", "Check the path of --base-address: it must end in /v2/."),
        404 when ids.Chat is null || ids.Message is null => Ok("The key and the address work; as expected, there is no such message"),
        404 => Failed("The key and the address work, but there is no such message.", "Check --business, --chat and --message."),
        420 or 429 => Failed(
            "The key works, but a rate limit is exceeded.",
            $"Wait {(exception.RetryAfter is { } wait ? $"{Math.Ceiling(wait.TotalSeconds)} s" : "a moment")}: "
                + "the limits apply to all programs of the business together."),
        423 => Failed("The business is being migrated.", "Try again later."),
        >= 300 and < 400 => Failed("The response is a redirect.", "Check --base-address; the sign-in page of a network does this too."),
        >= 500 => Failed(
            "The service, or something in front of it, has failed.",
            "Try again later; the service's support will ask for the time and the trace id."),
        _ => Failed("The service rejects the request.", "Check --base-address and the ids; a proxy may be changing requests."),
    };

    [GeneratedRegex("SUBSCRIPTION|DEPRECAT|NOT ACTIVE|INACTIVE|DISABLED", RegexOptions.IgnoreCase)]
    private static partial Regex AboutTheAccount();

    // As documented. The client accepts other forms, in case the service does.
    [GeneratedRegex("^ACMA:[^:]{40}:[^:]{8}$")]
    private static partial Regex TokenOfCabinet();
}
