using System.CommandLine;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli;

/// <summary><c>chats doctor</c>: looks at everything that a call needs, one check after another, and says what is wrong and what to do.</summary>
internal sealed partial class Doctor(
    Shell shell, ChatsClientOptions options, (long? Business, long? Chat, long? Message) ids, Func<CancellationToken, Task<string>> readKeyAsync)
{
    private const string KeyCheck = "key";

    public static Command Create(Shell shell)
    {
        var options = new CallOptions();
        var message = CallOptions.CreateNumber("--message", "The id of one of the chat's messages.");
        // The ids, which the other commands require, are optional here; with them the read says more.
        options.Business.Required = options.Chat.Required = message.Required = false;
        var description = $"""
            Checks the key from {CallOptions.KeyVariable}, the proxy, the host name, the connection, the clock and one read (getChatMessage,
            which changes nothing but counts against the hourly quota), and says what is wrong and what to do. Pass a business to check the
            key's access to it, and a chat and a message to read an existing message; its text is not printed.
            """;
        return options.CreateCommand("doctor", description, message, shell, (parsed, cancellationToken) =>
        {
            long? Given(Option<long> option) => parsed.GetResult(option) is null ? null : parsed.GetValue(option);
            // The address is checked as the client would, before the key is known.
            var client = options.ToClientOptions(parsed, key: "unknown");
            client.Validate();
            var ids = (Given(options.Business), Given(options.Chat), Given(message));
            return new Doctor(shell, client, ids, token => options.ReadKeyAsync(shell, parsed, token)).ExamineAsync(cancellationToken);
        });
    }

    private async Task<Outcome> ExamineAsync(CancellationToken cancellationToken)
    {
        // The proxy comes before the name and the connection: where one is used, it resolves the one and opens the other.
        // A check is skipped where one that it needs has failed.
        (string Name, Func<CancellationToken, Task<Finding>> Check, string[] Needs)[] checks =
        [
            (KeyCheck, KeyAsync, []),
            ("proxy", ProxyAsync, []),
            ("name", NameAsync, ["proxy"]),
            ("connection", ConnectionAsync, ["proxy", "name"]),
            ("clock", _ => Task.FromResult(_clock), ["proxy", "name", "connection"]),
            ("read", ReadAsync, [KeyCheck, "proxy", "name", "connection"]),
        ];
        // Each check has the time that a call has, so the client needs no timeout.
        var time = options.Timeout;
        options.Timeout = Timeout.InfiniteTimeSpan;
        var findings = new List<(string Check, Finding Finding)>();
        foreach (var (name, check, needs) in checks)
        {
            var cause = Array.Find(needs, need => findings.Exists(it => it.Check == need && it.Finding.IsFailure));
            findings.Add((name, cause is null
                ? await RunAsync(name, check, time, cancellationToken)
                : Skipped($"Not checked, because {cause} failed.")));
        }

        return Describe(findings);
    }

    private async Task<Finding> RunAsync(
        string name, Func<CancellationToken, Task<Finding>> check, TimeSpan time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(time, shell.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await check(stop.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return name == KeyCheck
                ? Failed(
                    $"Nothing arrived on standard input within {time.TotalSeconds} s.",
                    $"Pass the key as its first line, or set {CallOptions.KeyVariable}.")
                : Failed(
                    $"No response within {time.TotalSeconds} s.",
                    "A firewall may be dropping the packets, or the service is slow: try a longer --timeout.");
        }
    }

    private static Outcome Describe(List<(string Check, Finding Finding)> findings)
    {
        var text = string.Concat(findings.Select(it => $"{it.Finding.State,-7}  {it.Check,-10}  {it.Finding.Found}{Environment.NewLine}"));
        var json = JObject.FromObject(new
        {
            checks = findings.Select(it => new { name = it.Check, state = it.Finding.State, found = it.Finding.Found, advice = it.Finding.Advice }),
        });
        var (culprit, worst) = findings.Find(it => it.Finding.IsFailure);
        if (worst is null)
        {
            var open = findings.Find(it => it.Finding.Advice is not null).Finding;
            return new Outcome(ExitCode.Done, text + (open is null ? "No problems were found." : $"No problems were found. {open.Advice}"), json);
        }

        var problem = $"{worst.Found} {worst.Advice}";
        json["error"] = JObject.FromObject(new { type = culprit, message = problem });
        return new Outcome(culprit == KeyCheck ? ExitCode.Usage : ExitCode.NotSent, $"{text}chats: {problem}", json);
    }

    private static Finding Ok(string found, string? advice = null) => new("ok", found, advice);

    private static Finding Failed(string found, string advice) => new("FAILED", found, advice);

    /// <summary>There was nothing to check, the result proves nothing, or a check that it needs has failed.</summary>
    private static Finding Skipped(string found, string? advice = null) => new("skipped", found, advice);

    /// <summary>What a check found, in one sentence without the key, and what to do about it, if anything.</summary>
    private sealed record Finding(string State, string Found, string? Advice)
    {
        public bool IsFailure => State == "FAILED";
    }
}
