using YandexMarket.Chats.AspNetCore;
using YandexMarket.Chats.Hosting;
using YandexMarket.Chats.Responder;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>
/// Files, types and members that the pages name in code spans and commands exist. Links within the repository are valid, also on GitHub; external
/// links are not checked.
/// </summary>
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

    [TestCaseSource(nameof(All))]
    public void Every_link_of_a_page_is_valid(object page)
    {
        var from = (MarkdownPage)page;

        Assert.That(from.Links.Where(link => !link.Contains("://", StringComparison.Ordinal)).Where(link => !IsValid(from, link)), Is.Empty);
    }

    [TestCase("docs/errors.md", "failures.md", true)]
    [TestCase("docs/errors.md", "../README.md#first-call", true)]
    [TestCase("docs/errors.md", "README.md", false)]
    [TestCase("README.md", "docs", true)]
    [TestCase("README.md", "docs/errors.md#no-such-heading", false)]
    [TestCase("README.md", "#first-call", true)]
    [TestCase("README.md", "#First-call", false)]
    [TestCase("README.md", "src/Chats/obj/Chats.g.cs", false)]
    [TestCase("README.md", "../README.md", false)]
    public void The_link_check_works(string page, string link, bool isValid) => Assert.That(IsValid(Pages.Read(page), link), Is.EqualTo(isValid));

    [Test]
    public void Missing_things_are_found()
    {
        Assert.That((Exists("src/Chats/Chats.csproj"), Exists("src/Chats/obj"), Exists("docs"), Exists("src/*/*.csproj")), Is.EqualTo((true, true, true, true)));
        Assert.That((Exists("src/Nothing"), Exists("src/Chats/Chats.cs"), Exists("src/*.csproj")), Is.EqualTo((false, false, false)));
        Assert.That((Exists("ChatsException", "Operation"), Exists("ChatsException", "Nothing"), Exists("ChatsNothing", null)), Is.EqualTo((true, false, false)));
        Assert.That((Exists("ChatsFault", "AfterDelivery"), Exists("ChatsQuotaException", "RetryAfter"), Exists("ChatsHostingOptions", "KeyPrefix")), Is.EqualTo((true, true, false)));
    }

    private static bool IsValid(MarkdownPage from, string link)
    {
        var (path, anchor) = link.Split('#') switch { [var file] => (file, null), var parts => (parts[0], parts[1]) };
        var target = path.Length == 0 ? from.Path : Resolve(from.Path, path);
        return target is not null
            && IsInGit(target)
            && (anchor is null || (target.EndsWith(".md", StringComparison.Ordinal) && Pages.Read(target).Anchors.Contains(anchor)));
    }

    /// <summary>The path in the repository, or null for one that leaves it.</summary>
    private static string? Resolve(string page, string link)
    {
        var target = new Uri(new Uri($"https://host/repository/{page}"), link).AbsolutePath;
        return target.StartsWith("/repository/", StringComparison.Ordinal) ? target["/repository/".Length..] : null;
    }

    // Generated files are not in git.
    private static bool Exists(string path) => path.Contains("/obj", StringComparison.Ordinal)
        || (path.Contains('*', StringComparison.Ordinal) && Repository.Files.Any(file => Regex.IsMatch(file, $"^{Regex.Escape(path).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}$")))
        || IsInGit(path);

    private static bool IsInGit(string path) => Repository.Files.Any(file => file == path || file.StartsWith($"{path.TrimEnd('/')}/", StringComparison.Ordinal));

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
