namespace YandexMarket.Chats.Benchmarks.Measure;

internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The median of what one cost against the other within each round: what loads the machine for a while loads both.</summary>
    public static double MedianRatio(IReadOnlyList<double> one, IReadOnlyList<double> other) => Median(one.Zip(other, (a, b) => a / b));
}
