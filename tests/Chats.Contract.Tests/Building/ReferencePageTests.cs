using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Building;

/// <summary>The reference of the API, as a page for people. The program that makes it is the linter.</summary>
[Slow]
[Platform(Exclude = "Win", Reason = "It is made by a shell script.")]
internal sealed class ReferencePageTests
{
    [Test]
    public void It_holds_every_operation_with_its_scopes_and_asks_no_other_address()
    {
        LintTests.RequireLinter();
        using var folder = new TemporaryFolder(" with a blank");
        var page = folder.PathOf("reference/index.html");

        var run = CommandLine.Run(Repository.Root, "bash", ["build/reference.sh", page]);

        Assert.That((run.ExitCode, run.Output.Trim()), Is.EqualTo((0, page)));
        var html = File.ReadAllText(page);
        foreach (var operation in ChatsOperations.All)
        {
            Assert.That(html, Does.Contain($"\"operationId\":\"{operation.Id}\""));
        }

        Assert.That(html, Does.Contain("\"x-auth-scopes\"").And.Contain("Content-Security-Policy\" content=\"default-src 'none';"));
        Assert.That(html.IndexOf("Content-Security-Policy", StringComparison.Ordinal), Is.LessThan(html.IndexOf("<style", StringComparison.Ordinal)));
    }
}
