using YandexMarket.Chats.Consumers.Tests.Harness;

namespace YandexMarket.Chats.Consumers.Tests;

/// <summary>What a consumer inherits with a package: this, and nothing else.</summary>
[Slow]
internal sealed class DependencyTests
{
    private static readonly string[] _frameworksOfHosting = [".NETStandard2.0", "net10.0"];

    private static readonly string[] _ofHosting =
    [
        "Microsoft.Extensions.Diagnostics", "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Http",
        "Microsoft.Extensions.Options.ConfigurationExtensions", "System.Threading.RateLimiting", "YandexMarket.Chats",
    ];

    private static readonly Dictionary<string, string[]> _wanted = new()
    {
        ["YandexMarket.Chats .NETStandard2.0"] =
            ["Microsoft.Bcl.TimeProvider", "Newtonsoft.Json", "System.Memory", "System.Threading.Tasks.Extensions"],
        ["YandexMarket.Chats net10.0"] = ["Newtonsoft.Json"],
        ["YandexMarket.Chats.AspNetCore net10.0"] = ["YandexMarket.Chats"],
        ["YandexMarket.Chats.Emulator net10.0"] = [],
        ["YandexMarket.Chats.Hosting .NETStandard2.0"] = ["Microsoft.Bcl.TimeProvider", .. _ofHosting],
        ["YandexMarket.Chats.Hosting net10.0"] = _ofHosting,
        ["YandexMarket.Chats.Redis net10.0"] = ["StackExchange.Redis", "YandexMarket.Chats.AspNetCore", "YandexMarket.Chats.Hosting"],
        ["YandexMarket.Chats.Responder net10.0"] =
        [
            "Microsoft.EntityFrameworkCore.Sqlite", "Npgsql.EntityFrameworkCore.PostgreSQL", "YandexMarket.Chats.AspNetCore", "YandexMarket.Chats.Hosting",
        ],
    };

    [Test]
    public void A_package_brings_what_was_decided()
    {
        var groups = Package.Libraries.SelectMany(package => package.Elements("dependencies").SelectMany(all => all.Elements()), (package, group) => (
            Name: $"{package.Id} {group.Attribute("targetFramework")!.Value}",
            Dependencies: group.Elements().Select(dependency => dependency.Attribute("id")!.Value).Order(StringComparer.Ordinal)));

        Assert.That(groups.ToDictionary(group => group.Name, group => string.Join(", ", group.Dependencies)), Is.EquivalentTo(
            _wanted.ToDictionary(group => group.Key, group => string.Join(", ", group.Value))));
    }

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
