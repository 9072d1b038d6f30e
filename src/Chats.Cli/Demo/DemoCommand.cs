using System.CommandLine;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats demo</c>: a whole conversation that needs no key and no network.</summary>
internal static class DemoCommand
{
    public static Command Create(Shell shell)
    {
        var json = CallOptions.CreateJson();
        var command = new Command("demo", "Shows a complete conversation with an emulated service in this process. It needs no key and no network.")
        {
            json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, parsed.GetValue(json), _ => { }, cancellationToken));
        return command;
    }

    /// <summary>Plays the demo; a test changes the stage first, to prove that a step can fail.</summary>
    public static async Task<int> RunAsync(Shell shell, bool asJson, Action<DemoStage> prepare, CancellationToken cancellationToken)
    {
        try
        {
            await using var stage = await DemoStage.BuildAsync(cancellationToken);
            prepare(stage);
            var view = asJson ? null : new DemoView(shell);
            view?.ShowTitle(stage.Emulator.BaseAddress);
            var steps = new List<DemoStep>();
            await foreach (var step in new DemoScript(stage, cancellationToken).PlayAsync())
            {
                view?.Show(step);
                steps.Add(step);
            }

            view?.ShowEnd(steps);
            var code = steps.TrueForAll(step => step.Passed) ? ExitCode.Done : ExitCode.Unexpected;
            return asJson ? new Outcome(code, "", new JObject { ["steps"] = new JArray(steps.Select(ToJson)) }).Report(shell, asJson) : (int)code;
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            return (Outcome.Of(exception, isSend: false) with { Code = ExitCode.Unexpected }).Report(shell, asJson);
        }
    }

    private static JObject ToJson(DemoStep step)
    {
        var outcome = new JObject();
        if (step.Call.Message is { } message)
        {
            outcome["message"] = JObject.FromObject(message);
        }

        if (step.Call.Exception is { } exception)
        {
            outcome["exception"] = exception.GetType().Name;
            outcome["mayHaveBeenSent"] = (exception as ChatsException)?.MayHaveBeenSent;
            outcome["status"] = (exception as ChatsApiException)?.StatusCode;
            outcome["codes"] = exception is ChatsApiException api ? new JArray(api.Errors.Select(error => error.Code)) : null;
        }

        return new JObject
        {
            ["title"] = step.Title,
            ["code"] = step.Code,
            ["outcome"] = outcome,
            ["checks"] = new JArray(step.Checks.Select(check => new JObject { ["claim"] = check.Claim, ["holds"] = check.Holds })),
            ["passed"] = step.Passed,
        };
    }
}
