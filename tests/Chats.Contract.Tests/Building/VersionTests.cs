using System.Text.Json;
using System.Text.RegularExpressions;
using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Building;

/// <summary>The generator has one version, wherever it comes from.</summary>
internal sealed class VersionTests
{
    private static string Version => Regex.Match(Read("Directory.Packages.props"), "<NSwagVersion>(.*)</NSwagVersion>").Groups[1].Value;

    [Test]
    public void What_npm_fetches_is_what_NuGet_would()
    {
        var asked = JsonDocument.Parse(Read("build/generator/package.json")).RootElement.GetProperty("devDependencies").GetProperty("nswag").GetString();
        var locked = JsonDocument.Parse(Read("build/generator/package-lock.json")).RootElement.GetProperty("packages").GetProperty("node_modules/nswag");

        Assert.That(Version, Does.Match(@"^\d+\.\d+\.\d+$"));
        Assert.That((asked, locked.GetProperty("version").GetString()), Is.EqualTo((Version, Version)));
        Assert.That(Read("build/generator/NSwag.MSBuild.nuspec"), Does.Contain($"<version>{Version}</version>"));
    }

    [Test]
    public void The_lock_names_hashes_and_no_addresses()
    {
        var packages = JsonDocument.Parse(Read("build/generator/package-lock.json")).RootElement.GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0);

        Assert.That(packages.Select(package => package.Value.TryGetProperty("integrity", out _)), Is.Not.Empty.And.All.True);
        Assert.That(packages.Where(package => package.Value.TryGetProperty("resolved", out _)).Select(package => package.Name), Is.Empty);
    }

    private static string Read(string file) => File.ReadAllText(Repository.PathOf(file));
}
