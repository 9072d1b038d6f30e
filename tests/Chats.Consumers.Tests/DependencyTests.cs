using System.Xml.Linq;
using YandexMarket.Chats.Consumers.Tests.Harness;

namespace YandexMarket.Chats.Consumers.Tests;

/// <summary>What a consumer inherits with a package: this, and nothing else.</summary>
[Slow]
internal sealed class DependencyTests
{
    private static readonly string[] _frameworksOfHosting = [".NETStandard2.0", "net8.0", "net10.0"];

    [Test]
    public void A_package_brings_what_the_page_says_and_no_later_version()
    {
        var rows = Package.Libraries
            .SelectMany(package => package.Elements("dependencies").SelectMany(all => all.Elements()), (package, group) => string.Join(
                " | ",
                package.Id,
                group.Attribute("targetFramework")!.Value.Replace(".NETStandard", "netstandard", StringComparison.Ordinal),
                string.Join(", ", group.Elements().Select(Words).Order(StringComparer.Ordinal))))
            .Order(StringComparer.Ordinal);

        Assert.That(Pages.Read("docs/using.md").Table("package").Select(row => string.Join(" | ", row)), Is.EqualTo(rows));
    }

    private static string Words(XElement dependency) => dependency.Attribute("id")!.Value switch
    {
        var ours when ours.StartsWith("YandexMarket.", StringComparison.Ordinal) => ours,
        var other => $"{other} {dependency.Attribute("version")!.Value}",
    };

    [Test]
    public void A_framework_is_needed_by_these_only() => Assert.That(
        Package.Libraries.SelectMany(package => package.Elements("frameworkReference"), (package, it) => $"{package.Id} {it.Attribute("name")!.Value}"),
        Is.EquivalentTo(
        [
            "YandexMarket.Chats.AspNetCore Microsoft.AspNetCore.App", "YandexMarket.Chats.Emulator Microsoft.AspNetCore.App",
            "YandexMarket.Chats.Redis Microsoft.AspNetCore.App", "YandexMarket.Chats.Responder Microsoft.AspNetCore.App",
        ]));

    [Test]
    public void Hosting_takes_any_later_client()
    {
        var versions = Package.Of("YandexMarket.Chats.Hosting").Elements("dependency")
            .Where(dependency => dependency.Attribute("id")!.Value == "YandexMarket.Chats")
            .Select(dependency => dependency.Attribute("version")!.Value);

        Assert.That(versions, Is.EqualTo(_frameworksOfHosting.Select(_ => Feed.Version)));
    }
}
