using System.Diagnostics;
using System.Runtime;

namespace YandexMarket.Chats.Benchmarks;

internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The median of the ratios within each round: what loads the machine for a while loads both.</summary>
    public static double MedianRatio(IReadOnlyList<double> one, IReadOnlyList<double> other) => Median(one.Zip(other, (a, b) => a / b));
}

/// <summary>
/// The processor time of this process, all its threads together: unlike wall time it includes the garbage collector's work, but not the
/// time in which other processes had the processor.
/// </summary>
internal static class CpuClock
{
    // Windows counts in steps of 15 ms, which is too coarse.
    public static TimeSpan Now => OperatingSystem.IsWindows() ? Stopwatch.GetElapsedTime(0) : Environment.CpuUsage.TotalTime;
}

/// <summary>Tells when the just-in-time compiler has had nothing to do for a while: until then everything is slower.</summary>
internal sealed class WarmUp
{
    // Moving code up a tier waits until nothing new was called for 100 ms.
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(12);

    private readonly Stopwatch _total = Stopwatch.StartNew();
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private long _methods = JitInfo.GetCompiledMethodCount();

    public bool IsOver
    {
        get
        {
            if (JitInfo.GetCompiledMethodCount() is var now && now != _methods)
            {
                _methods = now;
                _sinceLast.Restart();
            }

            return _sinceLast.Elapsed > _quiet || _total.Elapsed > _longest;
        }
    }
}

/// <summary>This program once more, as another process.</summary>
internal static class Self
{
    public static Process Start(params IEnumerable<string> arguments)
    {
        // Where the process is `dotnet`, it is told which program to run.
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Self).Assembly.Location] : [];
        return Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Runs it to its end, and returns the lines that it wrote.</summary>
    public static async Task<string[]> RunAsync(params IEnumerable<string> arguments)
    {
        using var child = Start(arguments);
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return child.ExitCode == 0
            ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"{string.Join(' ', arguments)} failed with exit code {child.ExitCode}.");
    }
}
