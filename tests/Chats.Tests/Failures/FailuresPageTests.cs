using YandexMarket.Chats.Tests.Failures.Matrix;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>The page for users says what the tests prove, and nothing else.</summary>
public class FailuresPageTests
{
    private const string Page = "docs/failures.md";

    [Test]
    public void The_committed_page_is_the_table_that_is_tested() =>
        GeneratedPage.Check(Page, Print(FaultTable.Rows) + Surroundings());

    [Test]
    public void Every_row_has_a_unique_name() => Assert.That(FaultTable.Rows.Select(row => $"{row.Group}: {row.Name}"), Is.Unique);

    /// <summary>The last part of the page, which the tests of Chats.Hosting print and check.</summary>
    private static string Surroundings()
    {
        var text = Repository.Read(Page).ReplaceLineEndings("\n");
        var start = text.IndexOf("\n## In real applications\n", StringComparison.Ordinal);
        return start < 0 ? "" : text[start..];
    }

    private static string Print(IReadOnlyList<FaultRow> rows)
    {
        var page = new StringBuilder();
        page.Append(
            $"""
            # Failures in detail

            Generated from the table that the tests run over raw sockets (`tests/Chats.Tests/Failures`): {rows.Count} ways in which a call can go
            wrong, each for a read and for a send, with the net10.0 and the netstandard2.0 build, both on .NET 10. Do not edit it; to regenerate it:

                CHATS_UPDATE_DOCS=1 dotnet test tests/Chats.Tests --filter FailuresPage

            - **May have been sent** is `ChatsException.MayHaveBeenSent` of the send; for a read it is always false. If it says no, the service
              has certainly not accepted the text, and it can be sent again.
            - **Requests received** is how many complete requests reached the server, for the read and for the send. .NET itself retries a read
              if its connection ends without a byte of a response; it never retries a send.
            - `IsTimeout` means that a timeout expired: here always `ChatsClientOptions.Timeout`; it can also be that of your `HttpClient` or of a
              message handler.

            """);
        foreach (var group in rows.GroupBy(row => row.Group))
        {
            page.Append(
                $"""

                ## {group.Key}

                | What happens | Outcome of a read | Outcome of a send | May have been sent | Requests received: read, send |
                |---|---|---|---|---|

                """);
            foreach (var row in group)
            {
                page.Append($"| {row.Name} | {row.Read.Text} | {row.Send.Text} | {Doubt(row)} | {row.ReadSeen}, {row.SendSeen} |\n");
            }
        }

        return page.ToString();
    }

    private static string Doubt(FaultRow row) => row.Send.Exception is null ? "" : row.MayHaveBeenSent ? "**yes**" : "no";
}
