using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed partial class TelemetryTests
{
    [Test]
    public async Task The_page_for_hosts_names_every_attribute_and_where_it_is()
    {
        await ObserveAsync(
            async client =>
            {
                await client.GetChatMessageAsync(11, 22, 33);
                await Ignore(() => client.GetChatMessageAsync(11, 22, 33));
                using var end = new CancellationTokenSource();
                // More than there are places for: one waits.
                var sends = Enumerable.Range(0, 5)
                    .Select(_ => Ignore(() => client.SendMessageToChatAsync(11, 22, Text, end.Token))).ToArray();
                await end.CancelAsync();
                await Task.WhenAll(sends);
            },
            Answer(500),
            Answer(200),
            Answer(404),
            Stall);

        var ours = _activities.Where(activity => activity.Source.Name == ChatsTelemetry.ActivitySourceName).ToArray();
        var events = ours.SelectMany(activity => activity.Events).ToArray();
        var places = ours.SelectMany(activity => activity.TagObjects).Select(tag => (tag.Key, Place: "activity"))
            .Concat(_measurements.SelectMany(m => m.Tags.Split(", ")).Select(tag => (Key: tag.Split('=')[0], Place: "instruments")))
            .Concat(events.SelectMany(e => e.Tags).Select(tag => (tag.Key, Place: "events")))
            .Distinct()
            .GroupBy(pair => pair.Key, pair => pair.Place)
            .Select(group => $"{group.Key}: {string.Join(", ", group)}");

        Assert.That(AttributesOfPage(), Is.EquivalentTo(places));
        Assert.That(events.Select(e => e.Name).Distinct(), Is.EquivalentTo(["chats.attempt", "chats.quota.wait"]));
    }

    private static IEnumerable<string> AttributesOfPage() =>
        from line in File.ReadLines(Path.Combine(Repository.Root, "docs", "hosting.md"))
            .SkipWhile(line => !line.StartsWith("| attribute |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
        let cells = line.Trim('|').Split('|')
        from Match name in BackQuoted().Matches(cells[0])
        select $"{name.Groups[1].Value}: {cells[1].Trim()}";

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex BackQuoted();
}
