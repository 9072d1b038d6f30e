namespace YandexMarket.Chats.Hosting.Tests.Surroundings;

/// <summary>The promises hold in what real applications put around a client. Alone, because some rows change what the process shares.</summary>
[NonParallelizable]
internal sealed class SurroundingTests
{
    private const string Title = "## In real applications";

    private static IEnumerable<TestCaseData> Rows =>
        from row in SurroundingTable.Rows
#if CHATS_NETSTANDARD
        // That build does not know this handler: docs/hosting.md says so.
        where !row.Name.Contains(nameof(SocketsHttpHandler), StringComparison.Ordinal)
#endif
        from isRead in new[] { true, false }
        select new TestCaseData($"{row}", isRead).SetArgDisplayNames($"{row}", isRead ? "read" : "send");

    [TestCaseSource(nameof(Rows))]
    public async Task A_call_has_the_outcome_in_the_table(string row, bool isRead)
    {
        var surrounding = SurroundingTable.Rows.Single(surrounding => $"{surrounding}" == row);
        using var play = new Play();
        surrounding.Arrange(play);

        var end = await play.CallAsync(isRead);

        Assert.That(end, Is.EqualTo(isRead ? surrounding.Read : surrounding.Send));
        if (!isRead && surrounding is { Group: "A message handler resends", Send: "`ChatsConnectionException`, **may have been sent**; 1" })
        {
            Assert.That(play.Message, Does.Contain("tried to send the message a second time"));
        }
    }

    [Test]
    public void The_committed_page_ends_with_this_table()
    {
        const string Path = "docs/failures.md";
        var before = Repository.Read(Path).ReplaceLineEndings("\n").Split($"\n{Title}\n")[0];

        GeneratedPage.Check(Path, $"{before}\n{Title}\n{Print()}");
    }

    private static string Print()
    {
        var page = new StringBuilder();
        page.Append(
            $"""

            {SurroundingTable.Rows.Count} environments of a client that is registered with `AddChatsClient`, each for a read and for a send, run and
            printed by `tests/Chats.Hosting.Tests/Surroundings`. The number is how many requests reached the service. Retries are off
            (`MaxAttempts` 1).

            | Environment | A read ends as | A send ends as |
            |---|---|---|

            """);
        foreach (var row in SurroundingTable.Rows)
        {
            page.Append($"| {row} | {row.Read.Replace(", not sent", "")} | {row.Send} |\n");
        }

        return page.ToString();
    }
}
