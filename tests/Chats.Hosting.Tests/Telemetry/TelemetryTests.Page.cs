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
            Respond(500),
            Respond(200),
            Respond(404),
            Stall);

        var events = Ours.SelectMany(activity => activity.Events).ToArray();
        var places = Ours.SelectMany(activity => activity.TagObjects).Select(tag => (tag.Key, Place: "activity"))
            .Concat(_measurements.SelectMany(m => m.Tags.Split(", ")).Select(tag => (Key: tag.Split('=')[0], Place: "instruments")))
            .Concat(events.SelectMany(e => e.Tags).Select(tag => (tag.Key, Place: "events")))
            .Distinct()
            .GroupBy(pair => pair.Key, pair => pair.Place)
            .Select(group => $"{group.Key}: {string.Join(", ", group)}");

        var page = Pages.Read("docs/hosting.md").Table("attribute")
            .SelectMany(cells => MarkdownPage.CodesOf(cells[0]).Select(name => $"{name}: {cells[1]}"));
        Assert.That(page, Is.EquivalentTo(places));
        Assert.That(events.Select(e => e.Name).Distinct(), Is.EquivalentTo(["chats.attempt", "chats.quota.wait"]));
    }
}
