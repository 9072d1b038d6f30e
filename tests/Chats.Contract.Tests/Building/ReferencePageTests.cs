using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Building;

/// <summary>The reference of the contracts, as pages for people. The program that makes them is the linter.</summary>
[Slow]
[Platform(Exclude = "Win", Reason = "It is made by a shell script.")]
internal sealed class ReferencePageTests
{
    [Test]
    public void They_hold_every_operation_with_its_scopes_and_ask_no_other_address()
    {
        LintTests.RequireLinter();
        using var folder = new TemporaryFolder(" with a blank");
        var pages = new[] { "chats", "notifications" }.Select(name => $"{folder.Path}/{name}.html").ToList();

        var run = CommandLine.Run(Repository.Root, "bash", ["build/reference.sh", folder.Path]);

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(run.Output.Trim().ReplaceLineEndings("\n").Split('\n'), Is.EqualTo(pages));
        foreach (var html in pages.Select(File.ReadAllText))
        {
            Assert.That(html, Does.Contain("Content-Security-Policy\" content=\"default-src 'none';"));
            Assert.That(html.IndexOf("Content-Security-Policy", StringComparison.Ordinal), Is.LessThan(html.IndexOf("<style", StringComparison.Ordinal)));
        }

        var chats = File.ReadAllText(pages[0]);
        Assert.That(ChatsOperations.All.Where(operation => !chats.Contains($"\"operationId\":\"{operation.Id}\"", StringComparison.Ordinal)), Is.Empty);
        Assert.That(chats, Does.Contain("\"x-auth-scopes\"").And.Contain("\"x-quota-per-hour\""));
        Assert.That(File.ReadAllText(pages[1]), Does.Contain("\"operationId\":\"sendNotification\""));
    }
}
