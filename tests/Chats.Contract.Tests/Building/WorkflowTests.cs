using System.Text.Json;

namespace YandexMarket.Chats.Contract.Tests.Building;

/// <summary>The check on GitHub is the check of the repository.</summary>
internal sealed class WorkflowTests
{
    private static ContractNode Workflow => ContractNode.Load(File.ReadAllText(Repository.PathOf(".github/workflows/check.yml")));

    private static IEnumerable<ContractNode> Steps => Workflow["jobs", "check", "steps"].Items;

    [Test]
    public void It_runs_the_one_script() =>
        Assert.That(Steps.Where(step => step.Names.Contains("run")).Select(step => step["run"].Text), Is.EqualTo(["bash .ci/run"]));

    [Test]
    public void What_it_keeps_is_what_the_script_and_the_page_s_script_write()
    {
        var scripts = File.ReadAllText(Repository.PathOf(".ci/run")) + File.ReadAllText(Repository.PathOf("build/site.sh"));
        var kept = Steps.Last()["with", "path"].Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(kept, Has.Length.EqualTo(3));
        Assert.That(kept.Where(path => !scripts.Contains(path, StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("build/linter")]
    [TestCase("tests/Chats.Witnesses.Tests/npm")]
    public void A_lock_file_of_npm_has_hashes_and_no_addresses(string folder)
    {
        var packages = JsonDocument.Parse(Repository.Read($"{folder}/package-lock.json")).RootElement.GetProperty("packages")
            .EnumerateObject().Where(package => package.Name.Length > 0).ToList();

        Assert.That(packages.Select(package => package.Value.TryGetProperty("integrity", out _)), Is.Not.Empty.And.All.True);
        Assert.That(packages.Where(package => package.Value.TryGetProperty("resolved", out _)).Select(package => package.Name), Is.Empty);
    }
}
