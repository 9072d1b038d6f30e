using System.CommandLine;
using System.Globalization;
using System.Text;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats doctor</c>: looks at all that a call needs, and says in plain words what is wrong and what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create(Shell shell)
    {
        var options = new CallOptions();
        var message = CallOptions.CreateNumber("--message", "The number of a message of it.");
        // The other commands act on a chat; this one wants to know more, if that is known.
        options.Business.Required = options.Chat.Required = message.Required = false;
        var command = new Command(
            "doctor",
            $"""
            Looks at the key from {ApiKey.Variable}, the proxy, the name, the connection, the clock and one read (getChatMessage, which changes
            nothing and counts for the hourly quota), and says what is wrong and what to do. Name a business to check the key for it,
            and a chat and a message to read one that is there; its text is not printed.
            """);
        options.AddTo(command);
        command.Options.Insert(2, message);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            long? Given(Option<long> option) => parsed.GetResult(option) is null ? null : parsed.GetValue(option);
            Outcome outcome;
            try
            {
                // The address is checked as the client would, before the key is known.
                options.ToClientOptions(parsed, "unknown").Validate();
                outcome = Describe(await ExamineAsync(
                    new Examination
                    {
                        Shell = shell,
                        KeyFromInput = options.IsKeyFromInput(parsed),
                        Options = options.ToClientOptions(parsed, key: null),
                        Ids = (Given(options.Business), Given(options.Chat), Given(message)),
                    },
                    cancellationToken));
            }
            catch (Exception exception)
            {
                outcome = Outcome.Of(exception, isSend: false, wasCalled: false, key: null);
            }

            return (int)outcome.Report(shell, options.IsJson(parsed));
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
            var cause = results.Find(it => it.Result.State == CheckState.Failed && check.Needs.Contains(it.Name)).Name
                ?? results.Find(it => it.Result.State == CheckState.Missing && check.Needs.Contains(it.Name)).Name;
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
                "Something swallows it without a word, as a firewall does; or the service is slow: try --timeout.");
        }
    }

    private static Outcome Describe(List<(string Name, CheckResult Result)> results)
    {
        var text = new StringBuilder();
        foreach (var (name, result) in results)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{Word(result.State),-7}  {name,-10}  {result.Found}");
        }

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
            return new Outcome(ExitCode.Done, text.Append(open is null ? "All is well." : $"Nothing wrong was found. {open.Advice}").ToString(), json);
        }

        json["error"] = new JObject { ["type"] = culprit, ["message"] = $"{worst.Found} {worst.Advice}" };
        return new Outcome(worst.Code, text.Append(CultureInfo.InvariantCulture, $"chats: {worst.Found} {worst.Advice}").ToString(), json);
    }

    private static string Word(CheckState state) => state switch
    {
        CheckState.Ok => "ok",
        CheckState.Failed => "FAILED",
        _ => "skipped",
    };
}
