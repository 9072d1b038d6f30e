using System.Globalization;
using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>The tables of docs/responder.md are those of the code.</summary>
public sealed class PageTests
{
    private static readonly MarkdownPage _page = Pages.Read("docs/responder.md");

    [Test]
    public void The_transitions() => Assert.That(_page.Table("transition").Select(row => string.Join(" | ", row)), Is.EqualTo(Transition.All.Select(it =>
        $"{it.Name} | {(it.From.Count == 0 ? "none" : string.Join(", ", it.From.Select(state => $"`{state}`")))} | `{it.To}` | {it.When}")));

    [Test]
    public void The_options_and_their_defaults()
    {
        var options = new ChatsResponderOptions();

        Assert.That(
            _page.Table("option").Select(row => $"{row[0]}: {row[1]}"),
            Is.EqualTo(typeof(ChatsResponderOptions).GetProperties().Select(property => $"`{property.Name}`: {Words(property.GetValue(options))}")));
    }

    private static string Words(object? value) => value switch
    {
        null => "none",
        TimeSpan time => $"{time:c}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
