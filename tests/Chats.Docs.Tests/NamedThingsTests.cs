using YandexMarket.Chats.AspNetCore;
using YandexMarket.Chats.Hosting;
using YandexMarket.Chats.Responder;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>Files, types and members that the pages name in code spans and commands exist.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class NamedThingsTests
{
    private static readonly Type[] _types =
        [.. new[] { typeof(ChatsClient), typeof(ChatsEmulator), typeof(ChatsHostingOptions), typeof(ChatsNotificationOptions), typeof(ChatsResponderOptions) }.SelectMany(it => it.Assembly.GetTypes())];

    // Of what is not referenced here: a member counts as one if its name is anywhere.
    private static readonly string _others = string.Concat(Repository.Files.Where(file => Regex.IsMatch(file, @"^src/Chats\.(Redis|Cli)/.*\.cs$")).Select(Repository.Read));

    private static IEnumerable<MarkdownPage> All => Pages.All;

    [TestCaseSource(nameof(All))]
    public void Every_file_that_a_page_names_exists(object page)
    {
        var shell = ((MarkdownPage)page).Blocks.Where(block => block.Language is "sh" or "mermaid").SelectMany(block => block.Text.Split('\n')).Select(line => line.Split('#')[0]);
        var paths = ((MarkdownPage)page).Codes.Where(code => !code.StartsWith("//", StringComparison.Ordinal)).Concat(shell).SelectMany(text => PathName().Matches(text)).Select(match => match.Value.TrimEnd('/', '.'));

        Assert.That(paths.Where(path => !Exists(path)), Is.Empty);
    }

    [TestCaseSource(nameof(All))]
    public void Every_type_and_member_that_a_page_names_exists(object page)
    {
        var names = ((MarkdownPage)page).Codes.SelectMany(code => TypeName().Matches(code)).Select(match => match.Value);

        Assert.That(names.Where(name => !Exists(name.Split('.')[0], name.Split('.').ElementAtOrDefault(1))), Is.Empty);
    }

    [Test]
    public void Missing_things_are_found()
    {
        Assert.That((Exists("src/Chats/Chats.csproj"), Exists("src/Chats/obj"), Exists("docs"), Exists("src/*/*.csproj")), Is.EqualTo((true, true, true, true)));
        Assert.That((Exists("src/Nothing"), Exists("src/Chats/Chats.cs"), Exists("src/*.csproj")), Is.EqualTo((false, false, false)));
        Assert.That((Exists("ChatsException", "Operation"), Exists("ChatsException", "Nothing"), Exists("ChatsNothing", null)), Is.EqualTo((true, false, false)));
        Assert.That((Exists("ChatsFault", "AfterDelivery"), Exists("ChatsQuotaException", "RetryAfter"), Exists("ChatsHostingOptions", "KeyPrefix")), Is.EqualTo((true, true, false)));
    }

    // Generated files are not in git.
    private static bool Exists(string path) => path.Contains("/obj", StringComparison.Ordinal)
        || (path.Contains('*', StringComparison.Ordinal) && Repository.Files.Any(file => Regex.IsMatch(file, $"^{Regex.Escape(path).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}$")))
        || Repository.Files.Contains(path) || Repository.Files.Any(file => file.StartsWith($"{path}/", StringComparison.Ordinal));

    private static bool Exists(string type, string? member)
    {
        var types = _types.Where(it => it.Name.Split('`')[0] == type).ToList();
        return types.Count > 0
            ? member is null || types.Any(it => it.GetMember(member).Length > 0)
            : Regex.IsMatch(_others, $@"(class|record|interface|enum) {type}\b") && (member is null || Regex.IsMatch(_others, $@"\b{member}\b"));
    }

    [GeneratedRegex(@"(?<![\w/.:])(?:src|tests|build|docs|openapi|\.github|\.ci)/[\w./*-]*[\w*]/?(?![\w…])")]
    private static partial Regex PathName();

    [GeneratedRegex(@"(?<![\w.])I?Chats[A-Z]\w*(?:\.[A-Z]\w*)?(?![\w.-])")]
    private static partial Regex TypeName();
}
