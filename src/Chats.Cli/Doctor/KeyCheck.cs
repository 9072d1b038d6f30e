using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Cli;

/// <summary>Whether there is a key, and whether it can be one. Nothing of it is printed.</summary>
internal static partial class KeyCheck
{
    public static async Task<CheckResult> RunAsync(Examination examination, CancellationToken cancellationToken)
    {
        try
        {
            var key = await ApiKey.GetAsync(examination.Shell, examination.KeyFromInput, cancellationToken);
            new ChatsClientOptions { ApiKey = key }.Validate();
            examination.Options.ApiKey = key;
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

    // As documented; whatever else the service takes is not refused here.
    [GeneratedRegex("^ACMA:[^:]{40}:[^:]{8}$")]
    private static partial Regex TokenOfCabinet();
}
