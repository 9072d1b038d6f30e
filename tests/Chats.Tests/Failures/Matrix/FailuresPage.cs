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

            Generated from the table that the tests run over raw sockets (`tests/Chats.Tests/Failures`): {rows.Count} ways in which a call can go
            wrong, each for a read and for a send, with the net10.0 and the netstandard2.0 build. Do not edit it; to regenerate it:

                CHATS_UPDATE_DOCS=1 dotnet test tests/Chats.Tests --filter FailuresPage

            - **May have been sent** is `ChatsException.MayHaveBeenSent` of the send; for a read it is always false. If it says no, the service
              has certainly not accepted the text, and it can be sent again.
            - **Requests seen** is how many complete requests reached the server, for the read and for the send. .NET itself retries a read
              if its connection ends without a byte of a response; nothing ever retries a send.
            - `IsTimeout` means that `ChatsClientOptions.Timeout` expired.

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
