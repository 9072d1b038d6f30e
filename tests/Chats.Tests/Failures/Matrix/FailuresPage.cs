using System.Text;

namespace YandexMarket.Chats.Tests.Failures.Matrix;

/// <summary>Prints the table as the page docs/failures.md.</summary>
internal static class FailuresPage
{
    public static string Print(IReadOnlyList<FaultRow> rows)
    {
        var page = new StringBuilder();
        page.Append(
            $"""
            # What a failed call says

            Printed from the table that the tests play over bare sockets (`tests/Chats.Tests/Failures`): {rows.Count} ways in which a call can go
            wrong, each for a read and for a send, against the net10.0 and the netstandard2.0 build. Do not edit it; to print it anew:

                CHATS_UPDATE_DOCS=1 dotnet test tests/Chats.Tests --filter FailuresPage

            - **May have been sent** is `ChatsException.MayHaveBeenSent` of the send; that of a read is always false. Where it says no, the
              service has certainly not taken the message, and it can be sent again.
            - **Requests seen** is how many whole requests reached the server, of the read and of the send. .NET itself retries a read when
              its connection ends without a byte of a response; nothing ever retries a send.
            - `IsTimeout` marks the exceptions of the timeout, `ChatsClientOptions.Timeout`.

            """);
        foreach (var group in rows.GroupBy(row => row.Group))
        {
            page.Append(
                $"""

                ## {group.Key}

                | What happens | A read ends as | A send ends as | May have been sent | Requests seen: read, send |
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
