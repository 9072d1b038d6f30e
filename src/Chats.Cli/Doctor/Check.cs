namespace YandexMarket.Chats.Cli;

/// <summary>One of the checks of <c>chats doctor</c>.</summary>
/// <param name="Name">Its name in the output.</param>
/// <param name="Needs">The checks that must not have failed before, or this one is skipped.</param>
/// <param name="RunAsync">Runs it.</param>
internal sealed record Check(string Name, IReadOnlyList<string> Needs, Func<Examination, CancellationToken, Task<CheckResult>> RunAsync)
{
    /// <summary>All of them, in their order. The proxy comes before the name and the connection, which it resolves and opens.</summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        new("key", [], ServiceChecks.KeyAsync),
        new("proxy", [], NetworkChecks.ProxyAsync),
        new("name", ["proxy"], NetworkChecks.NameAsync),
        new("connection", ["proxy", "name"], NetworkChecks.ConnectionAsync),
        new("clock", ["connection"], (examination, _) => Task.FromResult(NetworkChecks.Clock(examination))),
        new("read", ["key", "connection"], ServiceChecks.ReadAsync),
    ];
}

/// <summary>What a check found.</summary>
/// <param name="State">How it ended.</param>
/// <param name="Found">What was found, in one sentence without the key.</param>
/// <param name="Advice">What to do about it; null where nothing is to be done.</param>
/// <param name="Code">The exit code if this is the first check that failed.</param>
internal sealed record CheckResult(CheckState State, string Found, string? Advice = null, ExitCode Code = ExitCode.Done)
{
    public static CheckResult Ok(string found) => new(CheckState.Ok, found);

    public static CheckResult Skipped(string found, string? advice = null) => new(CheckState.Skipped, found, advice);

    public static CheckResult Failed(string found, string advice, ExitCode code = ExitCode.NotSent) => new(CheckState.Failed, found, advice, code);
}

internal enum CheckState
{
    Ok,
    Failed,

    /// <summary>There was nothing to check, or the result proves nothing.</summary>
    Skipped,

    /// <summary>Not run, since a check that it needs has failed.</summary>
    Missing,
}

/// <summary>What the checks are given, and what they leave for the ones after them.</summary>
internal sealed class Examination
{
    public required Shell Shell { get; init; }

    public required Func<CancellationToken, Task<string>> ReadKeyAsync { get; init; }

    /// <summary>The address and the timeout of the command line. The key is added by its check.</summary>
    public required ChatsClientOptions Options { get; init; }

    /// <summary>The ids of the read; null where the command line has none.</summary>
    public required (long? Business, long? Chat, long? Message) Ids { get; init; }

    /// <summary>The proxy that is used, or null.</summary>
    public Uri? Proxy { get; set; }

    /// <summary>The Date of the service's response, and the times of the request and the response by this machine's clock.</summary>
    public (DateTimeOffset? Service, DateTimeOffset Before, DateTimeOffset After) Times { get; set; }

    public string Host => Options.BaseAddress.IdnHost;
}
