using System.Security.Cryptography;

namespace YandexMarket.Chats.Consumers.Tests;

/// <summary>The same commit, packed once more in another folder; and what the build there does when something is different.</summary>
[Slow]
internal sealed class SecondBuildTests
{
    private static PackedClone _clone = null!;

    [OneTimeSetUp]
    public static void Pack_again() => _clone = new PackedClone(" in a longer path");

    [OneTimeTearDown]
    public static void Remove() => _clone?.Folder.Dispose();

    [Test]
    public void Two_clean_builds_of_a_commit_in_different_folders_give_the_same_packages()
    {
        var (first, second) = (Hashes(Feed.Packages), Hashes(Package.ReadAll(_clone.PackagesFolder)));

        Assert.That(second, Is.EquivalentTo(first));
        Assert.That(first, Has.Count.GreaterThan(60));
        TestContext.Out.WriteLine($"{Feed.Packages.Count} packages, {first.Count} files, the same bytes.");
    }

    [Test]
    public void A_change_of_the_contract_that_breaks_consumers_of_the_last_release_stops_the_pack()
    {
        _clone.Folder.Change("openapi/chats.yaml", "name: messageId\n", "name: id\n");

        var run = _clone.Pack(
            "src/Chats",
            $"-p:PackageValidationBaselineVersion={Feed.Version}",
            $"-p:RestoreAdditionalProjectSources={Feed.Clone.PackagesFolder}");

        Assert.That(run.ExitCode, Is.Not.Zero, run.Output);
        Assert.That(
            run.Output,
            Does.Match("error CP0017: Parameter name on member '[^']*GetChatMessageAsync.* changed from 'messageId' to 'id'"));
    }

    private static Dictionary<string, string> Hashes(IEnumerable<Package> packages) => packages
        .SelectMany(package => package.Files.Select(file => (Path: $"{package.FileName}/{file.Key}", file.Value)))
        .ToDictionary(file => file.Path, file => Convert.ToHexString(SHA256.HashData(file.Value)));
}
