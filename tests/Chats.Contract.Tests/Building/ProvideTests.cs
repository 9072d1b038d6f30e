using System.IO.Compression;

namespace YandexMarket.Chats.Contract.Tests.Building;

/// <summary>Where the restore gets the generator from: the cache, a feed, npm, and only in this order.</summary>
[Category("Build")]
[Platform(Exclude = "Win", Reason = "The npm that the tests put in the way is a shell script.")]
internal sealed class ProvideTests
{
    private const string Version = "14.7.1";

    [TestCase("")]
    [TestCase(" with a blank")]
    public void What_is_in_the_cache_is_not_looked_for(string suffix)
    {
        using var machine = new Machine(suffix);
        machine.Folder.Write($"packages/nswag.msbuild/{Version}/nswag.msbuild.nuspec", "");

        var run = machine.Provide();

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(machine.WasProbed, Is.False);
        Assert.That(machine.NpmCalls, Is.Empty);
    }

    [TestCase("")]
    [TestCase(" with a blank")]
    public void What_a_feed_serves_is_not_asked_of_npm(string suffix)
    {
        using var machine = new Machine(suffix);
        machine.ServeFromFeed(Version);

        var run = machine.Provide();

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(machine.NpmCalls, Is.Empty);
        Assert.That(machine.Folder.PathOf($"packages/nswag.msbuild/{Version}/nswag.msbuild.nuspec"), Does.Exist);
        Assert.That(machine.PackedPackage, Does.Not.Exist);
    }

    [Test]
    public void What_a_feed_has_served_once_is_not_looked_for_again([Values] bool cacheOfTheProject)
    {
        using var machine = new Machine();
        machine.ServeFromFeed(Version);
        machine.Provide(cacheOfTheProject);
        machine.ForgetProbe();

        machine.Provide(cacheOfTheProject);

        Assert.That(machine.WasProbed, Is.False);
    }

    [Test]
    public void Another_version_in_the_feed_is_no_help()
    {
        using var machine = new Machine();
        machine.ServeFromFeed("14.0.0");

        Assert.That(machine.Provide().ExitCode, Is.Not.Zero);
        Assert.That(machine.NpmCalls, Is.EqualTo(["ci --ignore-scripts"]));
    }

    [Test]
    public void What_neither_has_ends_in_one_error_that_names_both_ways_out()
    {
        using var machine = new Machine();

        var run = machine.Provide();

        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(machine.NpmCalls, Is.EqualTo(["ci --ignore-scripts"]));
        Assert.That(Machine.ErrorsOf(run), Has.Count.EqualTo(1), run.Output);
        Assert.That(Machine.ErrorsOf(run).Single(), Does.Contain("CHATS001").And.Contain("no such package here")
            .And.Contain($"Add a NuGet source that serves NSwag.MSBuild {Version}").And.Contain("install Node.js"));
    }

    [Test]
    public void A_machine_without_npm_gets_the_same_error()
    {
        using var machine = new Machine();
        machine.RemoveNpm();

        var run = machine.Provide();

        Assert.That(Machine.ErrorsOf(run), Has.Count.EqualTo(1), run.Output);
        Assert.That(
            Machine.ErrorsOf(run).Single(),
            Does.Contain("CHATS001").And.Contain("Add a NuGet source").And.Contain("install Node.js"));
    }

    [TestCase("")]
    [TestCase(" with a blank")]
    public void What_only_npm_has_is_packed_into_the_feed_once(string suffix)
    {
        using var machine = new Machine(suffix);
        machine.ServeFromNpm("Net80/dotnet-nswag.dll", "Net100/dotnet-nswag.dll", "Net100/runtimes/any/native/lib.dll");

        var run = machine.Provide();

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        using (var package = ZipFile.OpenRead(machine.PackedPackage))
        {
            Assert.That(package.Entries.Select(entry => entry.FullName), Is.SupersetOf([
                "NSwag.MSBuild.nuspec", "build/NSwag.MSBuild.props", "buildMultiTargeting/NSwag.MSBuild.props", "buildTransitive/NSwag.MSBuild.props",
                "tools/Net80/dotnet-nswag.dll", "tools/Net100/dotnet-nswag.dll", "tools/Net100/runtimes/any/native/lib.dll"]));
        }

        machine.Provide();
        Assert.That(machine.NpmCalls, Has.Count.EqualTo(1), "The second restore finds it in the feed.");
    }

    [Test]
    public void A_package_of_npm_without_the_consoles_is_an_error_that_says_so()
    {
        using var machine = new Machine();
        machine.ServeFromNpm();

        var run = machine.Provide();

        Assert.That(Machine.ErrorsOf(run).Single(), Does.Contain("CHATS002").And.Contain("Add a NuGet source"));
        Assert.That(machine.PackedPackage, Does.Not.Exist);
    }
}
