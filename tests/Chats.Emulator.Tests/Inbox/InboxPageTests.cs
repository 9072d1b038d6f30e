using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Emulator.Tests.Inbox;

public sealed partial class InboxPageTests : InboxTests
{
    [TestCase("GET", "/")]
    [TestCase("GET", "/_inbox/state")]
    [TestCase("POST", "/_inbox/messages")]
    public async Task By_default_there_is_no_inbox_as_in_the_service(string method, string target)
    {
        await RestartAsync(options => options.ServesInbox = new ChatsEmulatorOptions().ServesInbox);

        var response = await SendAsync(method, target, method == "GET" ? null : """{"business":"1","chat":"2","text":"x"}""");

        Assert.That((response.Status, response.ErrorMessage), Is.EqualTo((404, "Resource not found")));
        Assert.That((Emulator.Requests.Total, Chat.Messages.Count), Is.EqualTo((1L, 0)));
    }

    [Test]
    public async Task The_inbox_does_not_change_the_service()
    {
        Chat.Receive("Hello");
        Emulator.Faults.Next(ChatsFault.InternalServerError);

        await SendAsync("GET", "/");
        await SendAsync("GET", "/_inbox/state");
        var failed = await GetAsync();
        var read = await GetAsync();
        var none = await GetAsync("/v2/");
        var posted = await SendAsync("POST", "/", "{}");

        Assert.That((failed.Status, read.Status, none.Status, posted.Status), Is.EqualTo((500, 200, 404, 404)));
        Assert.That(Emulator.Requests.Select(it => it.Path), Has.None.Contain("_inbox"));
        Assert.That((Emulator.Requests.Total, read.Header("X-RateLimit-Resource-Remaining")), Is.EqualTo((4L, "999")));
    }

    [Test]
    public async Task The_policy_of_the_page_allows_only_its_own_script_and_style()
    {
        var page = await SendAsync("GET", "/");
        var policy = page.Header("Content-Security-Policy")!.Split("; ");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.Header("Content-Type"), Is.EqualTo("text/html; charset=utf-8"));
            Assert.That(policy, Does.Contain("default-src 'none'").And.Contains("connect-src 'self'").And.Contains("base-uri 'none'"));
            Assert.That(policy, Does.Contain($"script-src '{HashOf("script", page.Body)}'"));
            Assert.That(policy, Does.Contain($"style-src '{HashOf("style", page.Body)}'"));
            Assert.That(policy, Does.Contain("require-trusted-types-for 'script'"));
            Assert.That(string.Concat(policy), Does.Not.Contain("unsafe"));
        }
    }

    [Test]
    public async Task The_page_loads_nothing_from_elsewhere_makes_no_HTML_of_texts_and_offers_every_fault()
    {
        var page = (await SendAsync("GET", "/")).Body;
        var select = page[page.IndexOf("<select id=\"fault\">", StringComparison.Ordinal)..];
        var offered = Option().Matches(select[..select.IndexOf("</select>", StringComparison.Ordinal)]).Select(it => it.Groups[1].Value);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Address().Matches(page).Select(it => it.Value), Is.All.EqualTo("http://www.w3.org/2000/svg"));
            Assert.That(HtmlFromText().Matches(page), Is.Empty);
            Assert.That(page, Does.Not.Contain("/*script*/").And.Not.Contains("/*style*/").And.Contains("</html>"));
            Assert.That(offered, Is.EqualTo([.. Enum.GetNames<ChatsFaultKind>(), "Any"]));
        }
    }

    [Test]
    public async Task A_HEAD_of_the_page_has_no_body()
    {
        var response = await SendAsync("HEAD", "/");

        Assert.That((response.Status, response.Body), Is.EqualTo((200, "")));
    }

    private static string HashOf(string tag, string html)
    {
        var start = html.IndexOf($"<{tag}>", StringComparison.Ordinal) + tag.Length + 2;
        var text = html[start..html.IndexOf($"</{tag}>", start, StringComparison.Ordinal)];
        return $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
    }

    [GeneratedRegex("""https?://[^'"\s>)]+\w""")]
    private static partial Regex Address();

    [GeneratedRegex("innerHTML =|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\b|new Function|javascript:")]
    private static partial Regex HtmlFromText();

    [GeneratedRegex("<option value=\"(\\w+)\">")]
    private static partial Regex Option();
}
