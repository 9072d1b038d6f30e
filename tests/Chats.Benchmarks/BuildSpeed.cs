using System.Diagnostics;
using System.Globalization;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>
/// What the generation costs in a build: the client is copied twice, as it is and with the generated file as a source like any other,
/// and both are built in turns. Only wall time can be measured of a build, so this needs a quiet machine.
/// </summary>
internal static class BuildSpeed
{
    private const int Rounds = 7;
    private const double NoOpLimit = 1.05;

    public static int Run()
    {
        using var with = Copy();
        Build(with);
        using var without = Copy();
        // The generated file becomes a source like any other.
        without.Change("src/Chats/Chats.csproj", text => string.Join('\n', text.Split('\n').Where(line =>
            !line.Contains("Generation.targets", StringComparison.Ordinal) && !line.Contains("NSwag.MSBuild", StringComparison.Ordinal))));
        File.Copy(with.PathOf("src/Chats/obj/Chats.g.cs"), without.PathOf("src/Chats/Chats.g.cs"));
        Build(without);

        var (plain, noOp, generating) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var (first, second, third, fourth) = (Build(without), Build(with), Build(with), Build(without));
            plain.Add((first + fourth) / 2);
            noOp.Add((second + third) / 2);
            File.SetLastWriteTimeUtc(with.PathOf("openapi/chats.yaml"), DateTime.UtcNow);
            generating.Add(Build(with));
        }

        var ratio = Statistics.MedianRatio(noOp, plain);
        var extra = Statistics.Median(generating.Zip(noOp, (one, other) => one - other));
        Print($"no-op build without the target {Statistics.Median(plain):F2} s, with it {Statistics.Median(noOp):F2} s");
        Print($"build after a touch of the contract {Statistics.Median(generating):F2} s: {extra:F2} s more, for the generation and the compilation of all frameworks");
        Print($"ratio build/no-op {ratio:F3} {NoOpLimit:F2}{(ratio > NoOpLimit ? " EXCEEDED" : "")}");
        return ratio <= NoOpLimit ? 0 : 1;
    }

    private static RepositoryCopy Copy() => RepositoryCopy.Make(
        "", "build", "openapi", "src/Chats", "Directory.Build.props", "Directory.Packages.props", "nuget.config", ".editorconfig", "README.md", "LICENSE");

    private static double Build(RepositoryCopy copy)
    {
        var clock = Stopwatch.StartNew();
        // No server stays behind, and none serves one build better than the other.
        var build = copy.DotNet(["build", "src/Chats", "-m:1", "-nodeReuse:false", "--verbosity", "quiet"]);
        return build.ExitCode == 0 ? clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"The build failed:\n{build.Output}");
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
