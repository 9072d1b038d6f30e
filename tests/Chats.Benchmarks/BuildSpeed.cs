using System.Diagnostics;
using System.Globalization;
using YandexMarket.Chats.Benchmarks.Measure;
using YandexMarket.Chats.Benchmarks.Report;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>
/// What the generation costs in a build: the client is copied twice, as it is and with the generated file for a source like any other,
/// and both are built in turns. Only wall time can be had of a build, so that this asks for a quiet machine.
/// </summary>
internal static class BuildSpeed
{
    private const int Rounds = 7;
    private const double NoOpLimit = 1.05;

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("chats-build-").FullName;
        try
        {
            var with = Copy(Path.Combine(folder, "with"));
            await BuildAsync(with).ConfigureAwait(false);
            var without = Copy(Path.Combine(folder, "without"));
            MakePlain(without, Path.Combine(with, "src", "Chats", "obj", "Chats.g.cs"));
            await BuildAsync(without).ConfigureAwait(false);

            var (plain, noOp, generating) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                plain.Add(await BuildAsync(without).ConfigureAwait(false));
                noOp.Add(await BuildAsync(with).ConfigureAwait(false));
                noOp[^1] = (noOp[^1] + await BuildAsync(with).ConfigureAwait(false)) / 2;
                plain[^1] = (plain[^1] + await BuildAsync(without).ConfigureAwait(false)) / 2;
                File.SetLastWriteTimeUtc(Path.Combine(with, "openapi", "chats.yaml"), DateTime.UtcNow);
                generating.Add(await BuildAsync(with).ConfigureAwait(false));
            }

            var ratio = Statistics.MedianRatio(noOp, plain);
            var extra = Statistics.Median(generating.Zip(noOp, (one, other) => one - other));
            Print($"no-op build without the target {Statistics.Median(plain):F2} s, with it {Statistics.Median(noOp):F2} s");
            Print($"build after a touch of the contract {Statistics.Median(generating):F2} s: {extra:F2} s more, for the generation and the compilation of both frameworks");
            Print($"ratio build/no-op {ratio:F3} {NoOpLimit:F2}{(ratio > NoOpLimit ? " EXCEEDED" : "")}");
            return ratio <= NoOpLimit ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Copy(string to)
    {
        var root = Repository.Root();
        foreach (var part in new[] { "build", "openapi", Path.Combine("src", "Chats") })
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, part), "*", SearchOption.AllDirectories))
            {
                var name = Path.GetRelativePath(root, file);
                if (!name.Split(Path.DirectorySeparatorChar).Any(piece => piece is "obj" or "bin" or "node_modules"))
                {
                    CopyFile(file, Path.Combine(to, name));
                }
            }
        }

        foreach (var name in new[] { "Directory.Build.props", "Directory.Packages.props", "nuget.config", ".editorconfig", "README.md", "LICENSE" })
        {
            if (File.Exists(Path.Combine(root, name)))
            {
                CopyFile(Path.Combine(root, name), Path.Combine(to, name));
            }
        }

        return to;
    }

    private static void CopyFile(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
    }

    private static void MakePlain(string copy, string generated)
    {
        var project = Path.Combine(copy, "src", "Chats", "Chats.csproj");
        var lines = File.ReadAllLines(project)
            .Where(line => !line.Contains("Generation.targets", StringComparison.Ordinal) && !line.Contains("NSwag.MSBuild", StringComparison.Ordinal));
        File.WriteAllLines(project, lines);
        File.Copy(generated, Path.Combine(copy, "src", "Chats", "Chats.g.cs"));
    }

    private static async Task<double> BuildAsync(string copy)
    {
        // No server stays behind, and none serves the one build better than the other.
        var start = new ProcessStartInfo("dotnet", ["build", Path.Combine(copy, "src", "Chats"), "-m:1", "-nodeReuse:false", "--verbosity", "quiet"])
        {
            RedirectStandardOutput = true,
        };
        var clock = Stopwatch.StartNew();
        using var build = Process.Start(start)!;
        var output = await build.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await build.WaitForExitAsync().ConfigureAwait(false);
        return build.ExitCode == 0 ? clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"The build failed:\n{output}");
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
