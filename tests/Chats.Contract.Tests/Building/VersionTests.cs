using System.Text.Json;

namespace YandexMarket.Chats.Contract.Tests.Building;

internal sealed class VersionTests
{
    [Test]
    public void The_lock_of_the_linter_has_hashes_and_no_addresses()
    {
        var packages = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("build/linter/package-lock.json"))).RootElement.GetProperty("packages")
            .EnumerateObject().Where(package => package.Name.Length > 0).ToList();

        Assert.That(packages.Select(package => package.Value.TryGetProperty("integrity", out _)), Is.Not.Empty.And.All.True);
        Assert.That(packages.Where(package => package.Value.TryGetProperty("resolved", out _)).Select(package => package.Name), Is.Empty);
    }
}
