using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli;

/// <summary>The demo for a script.</summary>
internal static class DemoJson
{
    public static JObject Of(IEnumerable<DemoStep> steps) => new() { ["steps"] = new JArray(steps.Select(Of)) };

    private static JObject Of(DemoStep step) => new()
    {
        ["title"] = step.Title,
        ["code"] = step.Code,
        ["outcome"] = Of(step.Seen),
        ["checks"] = new JArray(step.Checks.Select(check => new JObject { ["claim"] = check.Claim, ["holds"] = check.Holds })),
        ["passed"] = step.Passed,
    };

    private static JObject Of(ObservedCall seen)
    {
        var outcome = new JObject();
        if (seen.Message is { } message)
        {
            outcome["message"] = JObject.FromObject(message);
        }

        if (seen.Exception is { } exception)
        {
            outcome["exception"] = exception.GetType().Name;
            outcome["mayHaveBeenSent"] = (exception as ChatsException)?.MayHaveBeenSent;
            outcome["status"] = (exception as ChatsApiException)?.StatusCode;
            outcome["codes"] = exception is ChatsApiException api ? new JArray(api.Errors.Select(error => error.Code)) : null;
        }

        return outcome;
    }
}
