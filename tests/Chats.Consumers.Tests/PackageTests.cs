using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Consumers.Tests;

/// <summary>The content of the packages and of their pages.</summary>
[Slow]
internal sealed class PackageTests
{
    private static readonly string[] _ids =
    [
        "YandexMarket.Chats", "YandexMarket.Chats.AspNetCore", "YandexMarket.Chats.Cli", "YandexMarket.Chats.Emulator", "YandexMarket.Chats.Hosting",
        "YandexMarket.Chats.Redis", "YandexMarket.Chats.Responder",
    ];

    [Test]
    public void These_packages_and_their_symbols_exist() => Assert.That(
        Feed.Packages.Select(package => package.FileName),
        Is.EquivalentTo(_ids.SelectMany(id => new[] { $"{id}.{Feed.Version}.nupkg", $"{id}.{Feed.Version}.snupkg" })));

    [TestCaseSource(nameof(_ids))]
    public void The_page_of_a_package_says_what_it_is(string id)
    {
        var package = Package.Of(id);
        var commit = Feed.Commit.Git("rev-parse", "HEAD").Output.Trim();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(package.Text(package.Value("readme")!), Does.StartWith($"# {id}\n").And.Length.GreaterThan(500));
            Assert.That(WidthOf(package.Files[package.Value("icon")!]), Is.EqualTo(128));
            Assert.That(package.Elements("license").Single().Attribute("type")?.Value, Is.EqualTo("expression"));
            Assert.That(package.Value("license"), Is.EqualTo("MIT"));
            Assert.That(package.Value("description"), Has.Length.GreaterThan(50));
            Assert.That(package.Value("tags"), Does.Contain("yandex-market"));
            Assert.That(package.Value("releaseNotes"), Is.EqualTo("See CHANGELOG.md in this package."));
            Assert.That(package.Text("CHANGELOG.md"), Is.EqualTo(File.ReadAllText(Repository.PathOf("CHANGELOG.md"))));
            Assert.That(package.Elements("repository").Single().Attribute("commit")?.Value, Is.EqualTo(commit));
        }
    }

    [TestCase("YandexMarket.Chats", "net10.0", "net8.0", "netstandard2.0")]
    [TestCase("YandexMarket.Chats.AspNetCore", "net10.0")]
    [TestCase("YandexMarket.Chats.Emulator", "net10.0")]
    [TestCase("YandexMarket.Chats.Hosting", "net10.0", "net8.0", "netstandard2.0")]
    [TestCase("YandexMarket.Chats.Redis", "net10.0")]
    [TestCase("YandexMarket.Chats.Responder", "net10.0")]
    public void A_library_package_contains_the_library_its_documentation_and_no_other_file(string id, params string[] frameworks)
    {
        var package = Package.Of(id);
        var library = package.Files.Keys.Where(path => path.StartsWith("lib/", StringComparison.Ordinal)).ToList();

        Assert.That(library, Is.EquivalentTo(frameworks.SelectMany(it => new[] { $"lib/{it}/{id}.dll", $"lib/{it}/{id}.xml" })));
        Assert.That(package.Files.Keys.Except(library), Is.EquivalentTo([
            "README.md", "CHANGELOG.md", "icon.png", $"{id}.nuspec",
            "_rels/.rels", "[Content_Types].xml", "package/services/metadata/core-properties/nuget.psmdcp"]));
        foreach (var xml in library.Where(path => path.EndsWith(".xml", StringComparison.Ordinal)))
        {
            Assert.That(XDocument.Parse(package.Text(xml)).Descendants("summary").Count(), Is.GreaterThan(10), xml);
        }
    }

    [TestCase("src/Chats")]
    [TestCase("src/Chats.Hosting")]
    public void It_is_built_with_the_trimming_and_AOT_analyzers_and_none_of_their_warnings_is_disabled(string project)
    {
        var properties = Feed.Clone.DotNet(
            "msbuild", project, "-p:TargetFramework=net10.0",
            "-getProperty:EnableTrimAnalyzer,EnableAotAnalyzer,EnableSingleFileAnalyzer,TreatWarningsAsErrors,RunAnalyzers,NoWarn").Output;

        foreach (var property in new[] { "EnableTrimAnalyzer", "EnableAotAnalyzer", "EnableSingleFileAnalyzer", "TreatWarningsAsErrors" })
        {
            Assert.That(properties, Does.Contain($"\"{property}\": \"true\""));
        }

        Assert.That(properties, Does.Contain("\"RunAnalyzers\": \"\"").And.Not.Match("IL\\d{4}"));
        Assert.That(Feed.Commit.Git("grep", "-E", "IL[0-9]{4}", "--", project, "build/templates").Output, Is.Empty);
    }

    [Test]
    public void A_library_has_the_strong_name_of_the_key_in_the_repository_and_uses_only_libraries_that_have_one()
    {
        var key = XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("PublicKey").Single().Value;
        var libraries = Package.Libraries.SelectMany(package => package.Files.Where(file => file.Key.EndsWith(".dll", StringComparison.Ordinal))).ToList();

        Assert.That(libraries, Is.Not.Empty);
        using (Assert.EnterMultipleScope())
        {
            foreach (var (path, bytes) in libraries)
            {
                using var file = new PEReader(new MemoryStream(bytes));
                var reader = file.GetMetadataReader();
                var unnamed = reader.AssemblyReferences.Select(reader.GetAssemblyReference).Where(it => it.PublicKeyOrToken.IsNil);

                Assert.That(reader.GetBlobBytes(reader.GetAssemblyDefinition().PublicKey), Is.EqualTo(Convert.FromHexString(key)), path);
                Assert.That(file.PEHeaders.CorHeader!.Flags, Is.EqualTo(CorFlags.ILOnly | CorFlags.StrongNameSigned), path);
                Assert.That(unnamed.Select(it => reader.GetString(it.Name)), Is.Empty, path);
            }
        }
    }

    [Test]
    public void The_tool_runs_on_a_newer_NET()
    {
        var tool = Package.Of("YandexMarket.Chats.Cli");
        var config = tool.Files.Keys.Single(path => path.EndsWith("YandexMarket.Chats.Cli.runtimeconfig.json", StringComparison.Ordinal));

        Assert.That(JsonNode.Parse(tool.Text(config))!["runtimeOptions"]!["rollForward"]?.GetValue<string>(), Is.EqualTo("Major"));
    }

    /// <summary>What a consumer inherits with a package: this, and nothing else. Another package of ours may be any later one.</summary>
    [Test]
    public void A_package_has_the_dependencies_on_the_page_and_no_later_versions()
    {
        var rows = Package.Libraries
            .SelectMany(package => package.Elements("dependencies").SelectMany(all => all.Elements()), (package, group) => string.Join(
                " | ",
                package.Id,
                group.Attribute("targetFramework")!.Value.Replace(".NETStandard", "netstandard", StringComparison.Ordinal),
                string.Join(", ", group.Elements().Select(it => $"{it.Attribute("id")!.Value} {it.Attribute("version")!.Value}").Order(StringComparer.Ordinal))))
            .Select(row => Regex.Replace(row, $"(YandexMarket[.A-Za-z]+) {Regex.Escape(Feed.Version)}", "$1"))
            .Order(StringComparer.Ordinal);

        Assert.That(Pages.Read("docs/using.md").Table("package").Select(row => string.Join(" | ", row)), Is.EqualTo(rows));
        Assert.That(
            Package.Libraries.SelectMany(package => package.Elements("frameworkReference"), (package, it) => $"{package.Id} {it.Attribute("name")!.Value}"),
            Is.EquivalentTo(new[] { "AspNetCore", "Emulator", "Redis", "Responder" }.Select(it => $"YandexMarket.Chats.{it} Microsoft.AspNetCore.App")));
    }

    private static int WidthOf(byte[] icon) =>
        icon.AsSpan(1, 3).SequenceEqual("PNG"u8) ? BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)) : 0;
}
