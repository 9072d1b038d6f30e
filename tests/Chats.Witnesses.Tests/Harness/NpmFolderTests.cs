namespace YandexMarket.Chats.Witnesses.Tests.Harness;

/// <summary>When npm ci has to run.</summary>
[Slow]
internal sealed class NpmFolderTests
{
    private DirectoryInfo _folder = null!;

    private NpmFolder Npm => new(_folder.FullName);

    [SetUp]
    public void Make()
    {
        _folder = Directory.CreateTempSubdirectory("chats-npm-");
        File.WriteAllText(Path.Combine(_folder.FullName, "package-lock.json"), "one");
    }

    [TearDown]
    public void Delete() => _folder.Delete(recursive: true);

    [Test]
    public void A_fresh_clone_has_no_packages() => Assert.That(Npm.IsInstalled, Is.False);

    [Test]
    public void Packages_that_npm_did_not_finish_are_none()
    {
        _folder.CreateSubdirectory("node_modules");

        Assert.That(Npm.IsInstalled, Is.False);
    }

    [Test]
    public void Packages_serve_until_the_lock_file_changes()
    {
        _folder.CreateSubdirectory("node_modules");
        Npm.MarkInstalled();
        var before = Npm.IsInstalled;
        File.WriteAllText(Path.Combine(_folder.FullName, "package-lock.json"), "another");

        Assert.That((before, Npm.IsInstalled), Is.EqualTo((true, false)));
    }

    [Test]
    public void The_lock_file_names_no_registry_and_just_the_versions_that_were_asked_for()
    {
        var text = File.ReadAllText(Path.Combine(NpmFolder.Witnesses.Folder, "package-lock.json"));

        Assert.That(text, Does.Not.Contain("\"resolved\""));
        Assert.That(text, Does.Contain("\"@stoplight/prism-cli\": \"5.16.0\""));
    }
}
