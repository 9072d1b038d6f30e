namespace YandexMarket.Chats.Cli;

/// <summary>One of the things that <c>chats doctor</c> looks at.</summary>
/// <param name="Name">Its name in the output.</param>
/// <param name="Needs">The checks that must not have failed before, or this one is skipped.</param>
/// <param name="RunAsync">Looks.</param>
internal sealed record Check(string Name, IReadOnlyList<string> Needs, Func<Examination, CancellationToken, Task<CheckResult>> RunAsync)
{
    /// <summary>All of them, in their order. Whether a proxy is used comes first: it then resolves the name and opens the connection.</summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        new("key", [], KeyCheck.RunAsync),
        new("proxy", [], NetworkChecks.ProxyAsync),
        new("name", ["proxy"], NetworkChecks.NameAsync),
        new("connection", ["proxy", "name"], ConnectionCheck.RunAsync),
        new("clock", ["connection"], ClockCheck.RunAsync),
        new("read", ["key", "connection"], ReadCheck.RunAsync),
    ];
}
