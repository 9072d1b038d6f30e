using System.CommandLine;
using System.Globalization;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats doctor</c>: looks at all that a call needs, and says in plain words what is wrong and what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create(Shell shell)
    {
        var options = new CallOptions();
        var message = CallOptions.CreateNumber("--message", "The number of a message of it.");
        // The ids, which the other commands need, make the read more telling here.
        options.Business.Required = options.Chat.Required = message.Required = false;
        var command = options.CreateCommand(
            "doctor",
            $"""
            Looks at the key from {CallOptions.KeyVariable}, the proxy, the name, the connection, the clock and one read (getChatMessage, which changes
            nothing and counts for the hourly quota), and says what is wrong and what to do. Name a business to check the key for it,
            and a chat and a message to read one that is there; its text is not printed.
            """,
            message);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            long? Given(Option<long> option) => parsed.GetResult(option) is null ? null : parsed.GetValue(option);
            Outcome outcome;
            try
            {
                // The address is checked as the client would, before the key is known.
                options.ToClientOptions(parsed, "unknown").Validate();
                var examination = new Examination
                {
                    Shell = shell,
                    ReadKeyAsync = token => options.ReadKeyAsync(shell, parsed, token),
                    Options = options.ToClientOptions(parsed, key: null),
                    Ids = (Given(options.Business), Given(options.Chat), Given(message)),
                };
                outcome = Describe(await ExamineAsync(examination, cancellationToken));
            }
            catch (Exception exception)
            {
                outcome = Outcome.Of(exception, isSend: false);
            }

            return outcome.Report(shell, options.IsJson(parsed));
        });
        return command;
    }

    private static async Task<List<(string Name, CheckResult Result)>> ExamineAsync(Examination examination, CancellationToken cancellationToken)
    {
        var results = new List<(string Name, CheckResult Result)>();
        // Each check has the time that a call has, so the client needs none of its own.
        var time = examination.Options.Timeout;
        examination.Options.Timeout = Timeout.InfiniteTimeSpan;
        foreach (var check in Check.All)
        {
            var cause = check.Needs.FirstOrDefault(need => results.Exists(it => it.Name == need && it.Result.State is CheckState.Failed or CheckState.Missing));
            results.Add((check.Name, cause is null
                ? await RunAsync(check, examination, time, cancellationToken)
                : new CheckResult(CheckState.Missing, $"Not checked, because of the {cause}.")));
        }

        return results;
    }

    private static async Task<CheckResult> RunAsync(Check check, Examination examination, TimeSpan time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(time, examination.Shell.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await check.RunAsync(examination, stop.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return CheckResult.Failed(
                string.Create(CultureInfo.InvariantCulture, $"Nothing came within {time.TotalSeconds} s."),
                "Something drops the packets, as a firewall does; or the service is slow: try --timeout.");
        }
    }

    private static Outcome Describe(List<(string Name, CheckResult Result)> results)
    {
        var text = string.Concat(results.Select(it => $"{Word(it.Result.State),-7}  {it.Name,-10}  {it.Result.Found}{Environment.NewLine}"));
        var (culprit, worst) = results.Find(it => it.Result.State == CheckState.Failed);
        var json = new JObject
        {
            ["checks"] = new JArray(results.Select(it => new JObject
            {
                ["name"] = it.Name,
                ["state"] = Word(it.Result.State),
                ["found"] = it.Result.Found,
                ["advice"] = it.Result.Advice,
            })),
        };
        if (worst is null)
        {
            var open = results.Find(it => it.Result is { State: CheckState.Skipped, Advice: not null }).Result;
            return new Outcome(ExitCode.Done, text + (open is null ? "All is well." : $"Nothing wrong was found. {open.Advice}"), json);
        }

        var problem = $"{worst.Found} {worst.Advice}";
        json["error"] = new JObject { ["type"] = culprit, ["message"] = problem };
        return new Outcome(worst.Code, $"{text}chats: {problem}", json);
    }

    private static string Word(CheckState state) => state switch
    {
        CheckState.Ok => "ok",
        CheckState.Failed => "FAILED",
        _ => "skipped",
    };
}
