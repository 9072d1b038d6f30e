using System.Globalization;
using System.Text.RegularExpressions;
using YandexMarket.Chats.Emulator;
using YandexMarket.Chats.Tests.Failures;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The tables of the pages agree with the code: options and their defaults, exceptions, statuses.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class TableTests
{
    [TestCase("docs/using.md", typeof(ChatsClientOptions))]
    [TestCase("docs/testing.md", typeof(ChatsEmulatorOptions))]
    public void The_options_and_their_defaults(string page, Type type)
    {
        var options = Activator.CreateInstance(type);

        Assert.That(
            Pages.Read(page).Table("option").Select(row => $"{row[0]}: {row[1].Trim('`')}"),
            Is.EqualTo(type.GetProperties().Select(property => $"`{property.Name}`: {Words(property.GetValue(options))}")));
    }

    [Test]
    public void The_exceptions_are_those_of_the_client() => Assert.That(
        Pages.Read("docs/errors.md").Table("exception").Select(row => row[0].Trim('`')),
        Is.EquivalentTo(typeof(ChatsException).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(ChatsException))).Select(type => type.Name)));

    [Test]
    public void The_properties_of_the_exceptions_exist()
    {
        var missing =
            from row in Pages.Read("docs/errors.md").Table("exception")
            let type = typeof(ChatsException).Assembly.GetType($"YandexMarket.Chats.{row[0].Trim('`')}")
            from member in MarkdownPage.CodesOf(row[2]).Select(code => code.Split('.')[0])
            where type.GetProperty(member) is null
            select $"{type.Name}.{member}";

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void The_statuses_that_prove_a_rejection()
    {
        var row = Pages.Read("docs/errors.md").Table("what happened to a send").Single(cells => cells[0].StartsWith("the service rejected it", StringComparison.Ordinal));
        var statuses = Range().Matches(row[0]).SelectMany(match =>
        {
            var first = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            var last = match.Groups[2].Success ? int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : first;
            return Enumerable.Range(first, last - first + 1);
        });

        Assert.That((statuses, row[1]), Is.EqualTo((Refusals.Statuses.Order(), "false")));
    }

    private static string Words(object? value) => value switch
    {
        null => "none",
        false => "no",
        ReadOnlyMemory<byte> { IsEmpty: true } => "none",
        TimeSpan time => $"{time.TotalSeconds} s",
        TimeProvider clock when clock == TimeProvider.System => "the system's",
        Func<TimeSpan, TimeSpan?> => "the vendor's",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex(@"(\d{3})(?: to (\d{3}))?")]
    private static partial Regex Range();
}
