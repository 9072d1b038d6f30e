using System.Globalization;
using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>The tables of docs/responder.md are printed from the code.</summary>
public sealed class PageTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(Root(), "docs", "responder.md"));

    [Test]
    public void The_transitions() => Assert.That(Rows("transition"), Is.EqualTo(Transition.All.Select(it =>
        $"| {it.Name} | {(it.From.Count == 0 ? "none" : string.Join(", ", it.From.Select(state => $"`{state}`")))} | `{it.To}` | {it.When} |")));

    [Test]
    public void The_options_and_their_defaults()
    {
        var options = new ChatsResponderOptions();

        Assert.That(
            Rows("option").Select(row => string.Join('|', row.Split('|')[1..3])),
            Is.EqualTo(typeof(ChatsResponderOptions).GetProperties().Select(property => $" `{property.Name}` | {Words(property.GetValue(options))} ")));
    }

    private static IEnumerable<string> Rows(string firstHead) =>
        _page.Split('\n').SkipWhile(line => !line.StartsWith($"| {firstHead} |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'));

    private static string Words(object? value) => value switch
    {
        null => "none",
        TimeSpan time => $"{time.TotalSeconds} s",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Chats.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
