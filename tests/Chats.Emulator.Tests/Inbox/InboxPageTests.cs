using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Emulator.Tests.Inbox;

public sealed partial class InboxPageTests
{
    [TestCase("GET", "/")]
    [TestCase("GET", "/_inbox/state")]
    [TestCase("POST", "/_inbox/messages")]
    public async Task Without_being_asked_for_there_is_no_inbox_as_the_service_has_none(string method, string target)
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddBusiness(1).AddChat(2);

        var answer = await InboxWire.AskAsync(emulator, method, target, method == "GET" ? null : """{"business":"1","chat":"2","text":"x"}""");

        Assert.That((answer.Status, answer.ErrorMessage), Is.EqualTo((404, "Resource not found")));
        Assert.That((emulator.Requests.Total, emulator.FindBusiness(1)!.FindChat(2)!.Messages.Count), Is.EqualTo((1L, 0)));
    }

    [Test]
    public async Task With_the_inbox_the_service_is_as_it_was()
    {
        await using var emulator = await InboxWire.StartAsync();
        emulator.AddKey("key", "communication");
        emulator.AddBusiness(1).AddChat(2).Receive("Hello");
        emulator.Faults.Next(ChatsFault.InternalServerError);

        await InboxWire.AskAsync(emulator, "GET", "/");
        await InboxWire.AskAsync(emulator, "GET", "/_inbox/state");
        var struck = await Wire.GetAsync(emulator, "/v2/businesses/1/chats/message?chatId=2&messageId=1");
        var read = await Wire.GetAsync(emulator, "/v2/businesses/1/chats/message?chatId=2&messageId=1");
        var none = await Wire.GetAsync(emulator, "/v2/");
        var posted = await InboxWire.AskAsync(emulator, "POST", "/", "{}");

        Assert.That((struck.Status, read.Status, none.Status, posted.Status), Is.EqualTo((500, 200, 404, 404)));
        Assert.That(emulator.Requests.Select(it => it.Path), Has.None.Contain("_inbox"));
        Assert.That((emulator.Requests.Total, read.Header("X-RateLimit-Resource-Remaining")), Is.EqualTo((4L, "999")));
    }

    [Test]
    public async Task The_page_runs_and_paints_only_what_its_policy_names_by_hash()
    {
        await using var emulator = await InboxWire.StartAsync();

        var page = await InboxWire.AskAsync(emulator, "GET", "/");
        var policy = page.Header("Content-Security-Policy")!.Split("; ");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.Header("Content-Type"), Is.EqualTo("text/html; charset=utf-8"));
            Assert.That(policy, Does.Contain("default-src 'none'").And.Contains("connect-src 'self'").And.Contains("base-uri 'none'"));
            Assert.That(policy, Does.Contain($"script-src '{Hash(Inside("script", page.Body))}'"));
            Assert.That(policy, Does.Contain($"style-src '{Hash(Inside("style", page.Body))}'"));
            Assert.That(policy, Does.Contain("require-trusted-types-for 'script'"));
            Assert.That(string.Concat(policy), Does.Not.Contain("unsafe"));
        }
    }

    [Test]
    public async Task The_page_asks_for_nothing_outside_and_makes_no_html_of_texts()
    {
        await using var emulator = await InboxWire.StartAsync();

        var page = (await InboxWire.AskAsync(emulator, "GET", "/")).Body;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Address().Matches(page).Select(it => it.Value), Is.All.EqualTo("http://www.w3.org/2000/svg"));
            Assert.That(HtmlFromText().Matches(page), Is.Empty);
            Assert.That(page, Does.Not.Contain("/*script*/").And.Not.Contains("/*style*/").And.Contains("</html>"));
        }
    }

    [Test]
    public async Task The_page_offers_every_fault_there_is()
    {
        await using var emulator = await InboxWire.StartAsync();

        var page = (await InboxWire.AskAsync(emulator, "GET", "/")).Body;
        var select = page[page.IndexOf("<select id=\"fault\">", StringComparison.Ordinal)..];
        var offered = Option().Matches(select[..select.IndexOf("</select>", StringComparison.Ordinal)]).Select(it => it.Groups[1].Value);

        Assert.That(offered, Is.EqualTo([.. Enum.GetNames<ChatsFaultKind>(), "Any"]));
    }

    [Test]
    public async Task Asked_for_its_head_the_page_sends_no_body()
    {
        await using var emulator = await InboxWire.StartAsync();

        var answer = await InboxWire.AskAsync(emulator, "HEAD", "/");

        Assert.That((answer.Status, answer.Body), Is.EqualTo((200, "")));
    }

    private static string Inside(string tag, string html)
    {
        var start = html.IndexOf($"<{tag}>", StringComparison.Ordinal) + tag.Length + 2;
        return html[start..html.IndexOf($"</{tag}>", start, StringComparison.Ordinal)];
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    [GeneratedRegex("""https?://[^'"\s>)]+\w""")]
    private static partial Regex Address();

    [GeneratedRegex("innerHTML =|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\b|new Function|javascript:")]
    private static partial Regex HtmlFromText();

    [GeneratedRegex("<option value=\"(\\w+)\">")]
    private static partial Regex Option();
}
