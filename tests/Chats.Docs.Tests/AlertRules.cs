using System.Diagnostics.Metrics;
using YamlDotNet.RepresentationModel;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The Prometheus rules in docs/production.md.</summary>
internal static partial class AlertRules
{
    /// <summary>The name that the OpenTelemetry exporter gives an instrument: with the unit in words, and _total for a counter.</summary>
    public static string PrometheusName(Instrument instrument)
    {
        var kind = instrument.GetType().Name.Split('`')[0];
        return instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "")
            + (kind == nameof(Counter<>) ? "_total" : kind == nameof(Histogram<>) ? "_bucket" : "");
    }

    public static void AssertThatTheyAreOf(IReadOnlyCollection<string> instruments)
    {
        var source = string.Concat(Repository.Files
            .Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)).Select(Repository.Read));
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Pages.Read("docs/production.md").Blocks.Single().Text));
        var expressions = ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"][0]["rules"]).Select(rule => $"{rule["expr"]}").ToList();

        Assert.That(expressions, Has.Count.GreaterThan(5));
        foreach (var expression in expressions)
        {
            var metrics = Metric().Matches(Labels().Replace(expression, "")).Select(match => match.Value).Distinct();
            var labels = Labels().Matches(expression).SelectMany(match => Label().Matches(match.Value)).Select(match => match.Value).Except(["by", "le"]);

            // A counter does not exist before its first event, so its increase does not show that event.
            foreach (Match increase in Increase().Matches(Regex.IsMatch(expression, "[>=] 0") ? expression : ""))
            {
                var (series, window) = (increase.Groups[1].Value, increase.Groups[2].Value);
                Assert.That(expression, Does.Contain($"sum({series} unless {series} offset {window})"));
            }

            Assert.That(metrics, Is.Not.Empty.And.SubsetOf(instruments), expression);
            // A label is an attribute with _ in place of each dot.
            Assert.That(labels.Where(label => !Regex.IsMatch(source, $"\"{label.Replace("_", "[._]", StringComparison.Ordinal)}\"")), Is.Empty, expression);
        }
    }

    [GeneratedRegex(@"increase\((.+?)\[(\w+)\]\)")]
    private static partial Regex Increase();

    [GeneratedRegex(@"chats_\w+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\{[^}]*\}|by \([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex("(?<!\")\\b[a-z_]+\\b(?=[=!,) ])")]
    private static partial Regex Label();
}
