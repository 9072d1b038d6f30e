using System.Diagnostics;

namespace YandexMarket.Chats.Benchmarks.Measure;

/// <summary>
/// The processor time of this process, all its threads together: unlike the time on the wall it holds the collector's work but not
/// the time in which others had the processor.
/// </summary>
internal static class CpuClock
{
    // Windows counts in steps of 15 ms, which is too coarse.
    public static TimeSpan Now => OperatingSystem.IsWindows() ? Stopwatch.GetElapsedTime(0) : Environment.CpuUsage.TotalTime;
}
