using YandexMarket.Chats.Tests.Failures.Matrix;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>The page for users says what the tests prove, and nothing else.</summary>
public class FailuresPageTests
{
    private const string Page = "docs/failures.md";

    [Test]
    public void The_committed_page_is_the_table_that_is_tested() =>
        GeneratedPage.Check(Page, FailuresPage.Print(FaultTable.Rows) + Surroundings());

    [Test]
    public void Every_row_has_a_name_of_its_own() => Assert.That(FaultTable.Rows.Select(row => $"{row.Group}: {row.Name}"), Is.Unique);

    [Test]
    public void No_row_lets_a_send_reach_the_server_twice() =>
        Assert.That(FaultTable.Rows.Where(row => row.SendSeen.Most > 1), Is.Empty);

    [Test]
    public void No_row_with_a_whole_request_and_no_response_calls_it_unsent() => Assert.That(
        FaultTable.Rows.Where(row => row.Send.Exception == typeof(ChatsConnectionException) && row.SendSeen.Most > 0 && !row.MayHaveBeenSent), Is.Empty);

    /// <summary>The last part of the page, which the tests of Chats.Hosting print and check.</summary>
    private static string Surroundings()
    {
        var text = Repository.Read(Page).ReplaceLineEndings("\n");
        var start = text.IndexOf("\n## In real surroundings\n", StringComparison.Ordinal);
        return start < 0 ? "" : text[start..];
    }
}
