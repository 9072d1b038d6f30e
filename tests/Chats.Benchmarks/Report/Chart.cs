using System.Globalization;
using System.Text;
using YandexMarket.Chats.Benchmarks.Measure;

namespace YandexMarket.Chats.Benchmarks.Report;

/// <summary>Bars of time and bytes for each peer, for the two small calls.</summary>
internal static class Chart
{
    private const int Width = 960;
    private const int RowHeight = 22;
    private const int LabelWidth = 210;
    private const int BarWidth = 220;
    private const int TitleHeight = 56;

    public static string Draw(IReadOnlyList<Lane> lanes)
    {
        var groups = lanes.Where(lane => lane.Scenario == Scenario.ReadSmall || lane.Scenario == Scenario.SendSmall).GroupBy(lane => lane.Scenario).ToList();
        var height = groups.Sum(group => TitleHeight + (group.Count() * RowHeight)) + 12;
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"13\">");
        Add(svg, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>");
        var top = 0;
        foreach (var group in groups)
        {
            Add(svg, $"<text x=\"12\" y=\"{top + 22}\" font-size=\"15\" font-weight=\"bold\">{group.Key.Name}</text>");
            Add(svg, $"<text x=\"{LabelWidth}\" y=\"{top + 44}\" fill=\"#555555\">processor time of a call, ns</text>");
            Add(svg, $"<text x=\"{LabelWidth + 375}\" y=\"{top + 44}\" fill=\"#555555\">allocated in a call, bytes</text>");
            top += TitleHeight;
            var all = group.ToList();
            for (var i = 0; i < all.Count; i++)
            {
                var y = top + (i * RowHeight);
                Add(svg, $"<text x=\"{LabelWidth - 8}\" y=\"{y + 12}\" text-anchor=\"end\">{all[i].Name}</text>");
                Bar(svg, LabelWidth, y, i == 0, Statistics.Median(all[i].Nanoseconds), all.Max(lane => Statistics.Median(lane.Nanoseconds)));
                Bar(svg, LabelWidth + 375, y, i == 0, Statistics.Median(all[i].Bytes), all.Max(lane => Statistics.Median(lane.Bytes)));
            }

            top += all.Count * RowHeight;
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Bar(StringBuilder svg, int x, int y, bool isClient, double value, double longest)
    {
        var length = value / longest * BarWidth;
        Add(svg, $"<rect x=\"{x}\" y=\"{y}\" width=\"{length:F1}\" height=\"15\" fill=\"{(isClient ? "#d9480f" : "#74a9cf")}\"/>");
        Add(svg, $"<text x=\"{x + length + 6:F1}\" y=\"{y + 12}\" fill=\"#333333\">{value:N0}</text>");
    }

    private static void Add(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
