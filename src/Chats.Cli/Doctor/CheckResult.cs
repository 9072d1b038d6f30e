namespace YandexMarket.Chats.Cli;

/// <summary>What a check of <c>chats doctor</c> found.</summary>
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

/// <summary>How a check ended.</summary>
internal enum CheckState
{
    /// <summary>Nothing is wrong.</summary>
    Ok,

    /// <summary>Something is.</summary>
    Failed,

    /// <summary>There was nothing to look at, or it does not show whether something is wrong.</summary>
    Skipped,

    /// <summary>Not looked at, since a check that it needs has failed.</summary>
    Missing,
}
