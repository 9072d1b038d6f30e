namespace YandexMarket.Chats.Witnesses.Tests.WireMock;

/// <summary>
/// A row of <c>docs/failures.md</c>, which Chats.Tests prints from its own table over its own sockets. Here another party's server plays
/// the rows, and the page has to be right of it, too.
/// </summary>
/// <param name="Name">What happens.</param>
/// <param name="Read">The end of a read, as the page writes it.</param>
/// <param name="Send">The end of a send.</param>
/// <param name="MayHaveBeenSent">Of the send: yes, no, or nothing if it succeeds.</param>
/// <param name="ReadSeen">How many requests the server sees of the read, least and most.</param>
/// <param name="SendSeen">The same of the send.</param>
internal sealed record FailureRow(
    string Name, string Read, string Send, string MayHaveBeenSent, (int Least, int Most) ReadSeen, (int Least, int Most) SendSeen)
{
    public static IReadOnlyList<FailureRow> All { get; } =
    [
        .. Repository.Read(Path.Combine("docs", "failures.md")).Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| What happens", StringComparison.Ordinal))
            .Select(Parse),
    ];

    public static FailureRow Of(string name) => All.Single(row => row.Name == name);

    /// <summary>The end of a call in the notation of the page.</summary>
    public static string Notation(Exception? failure) => failure switch
    {
        null => "result",
        ChatsApiException { StatusCode: var status } => $"`{failure.GetType().Name}`, {status}",
        ChatsResponseException { StatusCode: var status } => $"`{nameof(ChatsResponseException)}`, {status}",
        ChatsConnectionException { IsTimeout: true } => $"`{nameof(ChatsConnectionException)}`, `IsTimeout`",
        _ => $"`{failure.GetType().Name}`",
    };

    private static FailureRow Parse(string line)
    {
        var cells = line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries);
        var seen = cells[4].Split(", ");
        return new FailureRow(cells[0], cells[1], cells[2], cells[3].Trim('*'), Range(seen[0]), Range(seen[1]));
    }

    private static (int Least, int Most) Range(string text)
    {
        var ends = text.Split(" to ").Select(int.Parse).ToList();
        return (ends[0], ends[^1]);
    }
}
