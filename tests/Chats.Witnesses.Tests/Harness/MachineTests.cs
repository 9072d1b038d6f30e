namespace YandexMarket.Chats.Witnesses.Tests.Harness;

/// <summary>The one place where a test may not run, and the rule for it.</summary>
internal sealed class MachineTests
{
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void Make()
    {
        _folder = Directory.CreateTempSubdirectory("chats-machine-");
        var ending = OperatingSystem.IsWindows() ? ".exe" : "";
        File.WriteAllText(Path.Combine(_folder.FullName, $"node{ending}"), "");
    }

    [TearDown]
    public void Delete() => _folder.Delete(recursive: true);

    [TestCase(null)]
    [TestCase("")]
    [TestCase("false")]
    public void A_developers_run_leaves_out_what_cannot_run_and_says_why(string? ci)
    {
        var ignored = Assert.Throws<IgnoreException>(() => On(ci).Require("Prism", "node", "npm"));

        Assert.That(ignored!.Message, Does.StartWith("The tests with Prism did not run: not on the PATH: npm."));
    }

    [TestCase("true")]
    [TestCase("True")]
    public void Under_CI_that_is_a_failure(string ci)
    {
        var failure = Assert.Throws<AssertionException>(() => On(ci).Require("Prism", "node", "npm"));

        Assert.That(failure!.Message, Does.Contain("The tests with Prism did not run: not on the PATH: npm."));
    }

    [Test]
    public void Without_a_PATH_all_is_missing() => Assert.That(
        Assert.Throws<IgnoreException>(() => new Machine(null, null).Require("Prism", "node", "npm"))!.Message,
        Does.Contain("not on the PATH: node, npm."));

    [TestCase(null)]
    [TestCase("true")]
    public void Where_all_is_there_the_tests_run(string? ci) => Assert.That(() => On(ci).Require("Prism", "node"), Throws.Nothing);

    private Machine On(string? ci) => new(string.Join(Path.PathSeparator, Path.Combine(_folder.FullName, "absent"), _folder.FullName), ci);
}
