using System.IO.Compression;
using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Building;

/// <summary>A machine with an empty package cache, one feed, which is a folder, and an npm that only writes down how it is called.</summary>
internal sealed class Machine : IDisposable
{
    private readonly RepositoryCopy _copy;

    public Machine(string suffix = "")
    {
        _copy = RepositoryCopy.Make(suffix, "build", "Directory.Build.props", "Directory.Packages.props");
        Folder = new TemporaryFolder(suffix);
        Directory.CreateDirectory(Folder.PathOf("feed"));
        Folder.Write(
            "bin/npm",
            "#!/bin/sh\nPATH=/bin:/usr/bin\necho \"$@\" >> \"$(dirname \"$0\")/../npm-calls\"\necho no such package here >&2\nexit 1\n");
        File.CreateSymbolicLink(Folder.PathOf("bin/dotnet"), PathOf("dotnet"));
        File.CreateSymbolicLink(Folder.PathOf("bin/sh"), PathOf("sh"));
        MakeExecutable();
        File.WriteAllText(_copy.PathOf("nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="feed" value="{Folder.PathOf("feed")}" />
              </packageSources>
            </configuration>
            """);
    }

    public TemporaryFolder Folder { get; }

    public string PackedPackage => _copy.PathOf("build/feed/NSwag.MSBuild.14.7.1.nupkg");

    public bool WasProbed => Directory.Exists(Folder.PathOf("work/probe"));

    public IReadOnlyList<string> NpmCalls => File.Exists(Folder.PathOf("npm-calls")) ? File.ReadAllLines(Folder.PathOf("npm-calls")) : [];

    public static List<string> ErrorsOf(CommandLine run) =>
        [.. run.Output.Split('\n').Where(line => line.Contains(": error ", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct()];

    /// <param name="cacheOfTheProject">Whether the packages lie where a property of the project says, or where the environment does.</param>
    public CommandLine Provide(bool cacheOfTheProject = false) => _copy.DotNet(
        [
            "msbuild", _copy.PathOf("build/generator/Provide.proj"), "-v:m", "-nologo", "-clp:NoSummary", "-p:NSwagVersion=14.7.1",
            $"-p:WorkDirectory={Folder.PathOf("work")}/", $"-p:Feed={_copy.PathOf("build/feed")}/",
            $"-p:RestorePackagesPath={(cacheOfTheProject ? Folder.PathOf("own packages") : "")}",
        ],
        new()
        {
            ["PATH"] = Folder.PathOf("bin"),
            ["NUGET_PACKAGES"] = Folder.PathOf("packages"),
        });

    public void ForgetProbe() => Directory.Delete(Folder.PathOf("work/probe"), recursive: true);

    public void RemoveNpm() => File.Delete(Folder.PathOf("bin/npm"));

    public void ServeFromFeed(string version)
    {
        using var package = ZipFile.Open(Folder.PathOf($"feed/NSwag.MSBuild.{version}.nupkg"), ZipArchiveMode.Create);
        using var nuspec = new StreamWriter(package.CreateEntry("NSwag.MSBuild.nuspec").Open());
        nuspec.Write(File.ReadAllText(Repository.PathOf("build/generator/NSwag.MSBuild.nuspec")).Replace(
            "<version>14.7.1<",
            $"<version>{version}<",
            StringComparison.Ordinal));
    }

    /// <summary>npm puts these files where the package nswag has its consoles.</summary>
    public void ServeFromNpm(params string[] files)
    {
        var commands = files.Select(file => $"mkdir -p \"$(dirname node_modules/nswag/bin/binaries/{file})\"\necho x > node_modules/nswag/bin/binaries/{file}\n");
        Folder.Write(
            "bin/npm",
            $"#!/bin/sh\nPATH=/bin:/usr/bin\necho \"$@\" >> \"$(dirname \"$0\")/../npm-calls\"\n{string.Concat(commands)}");
        MakeExecutable();
    }

    public void Dispose()
    {
        _copy.Dispose();
        Folder.Dispose();
    }

    private void MakeExecutable() =>
        CommandLine.Run(Folder.Path, "chmod", ["+x", Folder.PathOf("bin/npm")]);

    private static string PathOf(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).First(File.Exists);
}
