namespace YandexMarket.Chats.Tests.Failures.Matrix;

/// <summary>
/// The fault matrix: everything that can happen to a call between the client and the service, and what the client says then. The
/// page docs/failures.md is printed from here.
/// </summary>
internal static partial class FaultTable
{
    // What the exception of a send says.
    private const bool Not = false;
    private const bool Maybe = true;

    public static IReadOnlyList<FaultRow> Rows { get; } =
    [
        .. Group("Before there is a connection", Connecting()),
        .. Group("While the request goes out", Sending()),
        .. Group("The deadline", Deadlines()),
        .. Group("Answers that break off", Cuts()),
        .. Group("Answers of a strange form", Forms()),
        .. Group("Statuses", Statuses()),
        .. Group("Errors with a strange body", ErrorBodies()),
        .. Group("Good statuses with a strange body", GoodBodies()),
        .. Group("Connections used again", Reuse()),
    ];

    /// <summary>A row in which read and send end alike, and reach the server equally often.</summary>
    private static FaultRow Row(string name, Ends ends, bool maybe, Seen seen, Func<Stage, Task> script) =>
        new(name, script, ends, ends, maybe, seen, seen);

    private static FaultRow Row(string name, Ends ends, bool maybe, Seen readSeen, Seen sendSeen, Func<Stage, Task> script) =>
        new(name, script, ends, ends, maybe, readSeen, sendSeen);

    private static FaultRow Row(string name, Ends read, Ends send, bool maybe, Seen seen, Func<Stage, Task> script) =>
        new(name, script, read, send, maybe, seen, seen);

    private static IEnumerable<FaultRow> Group(string name, IEnumerable<FaultRow> rows) => rows.Select(row => row with { Group = name });
}
