using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Emulator.Tests.Inbox;

/// <summary>The page in a browser, with a keyboard and no mouse. One browser at a time: each has a dozen processes.</summary>
[Slow]
[Parallelizable(ParallelScope.Self)]
public sealed class InboxBrowserTests : InboxTests
{
    private const string Focus = "document.activeElement.id || document.activeElement.textContent.trim()";

    [Test]
    public async Task A_person_writes_as_the_buyer_and_adds_a_fault_by_keyboard()
    {
        await using var chromium = await Chromium.StartAsync();
        Chat.Receive("Hello", new ChatAttachment("bad.js", "javascript:alert(1)", 1));
        using var page = await BrowserPage.OpenAsync(chromium, Address);
        await page.UntilAsync("document.querySelectorAll('.message').length === 1");

        // A text with HTML and two lines, and Enter pressed twice.
        await page.PressAsync("Escape", 27);
        await page.TypeAsync("<img src=x onerror=alert(1)><script>alert(2)</script>");
        await page.EnterAsync(shift: true);
        await page.TypeAsync("two");
        await page.EnterAsync();
        await page.EnterAsync();
        await page.UntilAsync("document.querySelectorAll('.message').length === 2 && document.getElementById('text').value === ''");
        var written = Chat.Messages[^1];
        var shown = await page.EvaluateAsync("document.querySelector('.message:last-child .said').textContent");

        // A message of the shop appears without a reload.
        await PostAsync(body: """{"message":"Yes"}""");
        await page.UntilAsync("document.querySelector('.message:last-child.partner .who b')?.textContent === 'Shop'");

        // With Tab from the text to the faults: "500" is chosen by typing, then the button.
        var order = new List<string?>();
        for (var tabs = 0; tabs < 6; tabs++)
        {
            await page.TabAsync();
            order.Add(await page.EvaluateAsync(Focus));
            if (order[^1] == "fault")
            {
                await page.PressAsync("5", 53, "5");
            }
        }

        await page.EnterAsync();
        await page.UntilAsync("document.getElementById('orders').textContent.startsWith('Next call: 500, after delivery.')");
        var failed = await PostAsync(body: """{"message":"Lost"}""");
        await page.UntilAsync("document.querySelector('#calls tr')?.children[3].textContent === '500'");
        var row = await page.EvaluateAsync("[...document.querySelector('#calls tr').children].slice(1).map(it => it.textContent).join('|')");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((written.Sender, written.Text), Is.EqualTo((EmulatedSender.Customer, "<img src=x onerror=alert(1)><script>alert(2)</script>\ntwo")));
            Assert.That(shown, Is.EqualTo(written.Text));
            Assert.That(await page.EvaluateAsync("document.querySelectorAll('#messages script, #messages img, #messages a').length"), Is.EqualTo("0"));
            Assert.That(order, Is.EqualTo(new[] { "Send", "fault", "", "times", "operation", "Add to next" }));
            Assert.That((failed.Status, Chat.Messages[^1].Text), Is.EqualTo((500, "Lost")));
            Assert.That(row, Is.EqualTo("POST send|2|500|INTERNAL_SERVER_ERROR: Internal server error|500|yes: message 4|k…"));
            Assert.That(page.Errors, Is.Empty);
            Assert.That(page.Requests, Is.Not.Empty.And.All.StartsWith(Address).Or.StartsWith("data:"));
            Assert.That(Emulator.Requests.Total, Is.EqualTo(2));
        }
    }

    [Test]
    public async Task The_page_shows_that_the_emulator_stopped_and_then_the_next_one_on_the_same_port()
    {
        await using var chromium = await Chromium.StartAsync();
        Chat.Receive("Old");
        using var page = await BrowserPage.OpenAsync(chromium, Address);
        await page.UntilAsync("document.querySelector('.said')?.textContent === 'Old'");
        await page.PressAsync("Escape", 27);
        await page.TypeAsync("draft");

        await Emulator.DisposeAsync();
        await page.UntilAsync("document.getElementById('connection').textContent.startsWith('The emulator does not respond')");
        await RestartAsync(options => options.Port = Emulator.BaseAddress.Port);
        Chat.Receive("New");
        await page.UntilAsync("[...document.querySelectorAll('.said')].map(it => it.textContent).join() === 'New'");

        Assert.That(await page.EvaluateAsync("document.getElementById('text').value"), Is.EqualTo("draft"));
        Assert.That(await page.EvaluateAsync("document.getElementById('connection').textContent"), Is.EqualTo("Live"));
    }

    [Test]
    public async Task The_draft_of_one_chat_does_not_go_to_another()
    {
        await using var chromium = await Chromium.StartAsync();
        var other = Business.AddChat(3);
        using var page = await BrowserPage.OpenAsync(chromium, $"http://localhost:{Emulator.BaseAddress.Port}/#1/3");
        await page.UntilAsync("document.getElementById('chat-title').textContent === 'Chat 3 of business 1'");
        await page.PressAsync("Escape", 27);
        await page.TypeAsync("for three");
        Chat.Receive("Hello");
        await page.UntilAsync("document.querySelector('#chats .new').textContent === '1 new'");

        await page.EvaluateAsync("document.querySelector('#chats button').focus()");
        await page.EnterAsync();
        await page.UntilAsync("document.getElementById('text').value === '' && document.querySelectorAll('.message').length === 1");
        await page.PressAsync("Escape", 27);
        await page.TypeAsync("for two");
        await page.EnterAsync();
        await page.UntilAsync("document.querySelectorAll('.message').length === 2");
        await page.EvaluateAsync("document.querySelector('#chats li:last-child button').focus()");
        await page.EnterAsync();
        await page.UntilAsync("document.getElementById('text').value === 'for three'");

        Assert.That((Chat.Messages[^1].Text, other.Messages.Count), Is.EqualTo(("for two", 0)));
    }

    [TestCase("light", 1300)]
    [TestCase("dark", 1300)]
    [TestCase("light", 360)]
    [TestCase("dark", 820)]
    public async Task The_page_fits_every_width_and_has_contrast_in_light_and_dark(string scheme, int width)
    {
        await using var chromium = await Chromium.StartAsync();
        string[] senders = [EmulatedSender.Customer, EmulatedSender.Partner, EmulatedSender.Market, EmulatedSender.Support, "COURIER"];
        foreach (var sender in senders)
        {
            Chat.AddMessage(sender, new string('W', 300), new ChatAttachment("box.jpg", "https://example.org/box.jpg", 5_000_000));
        }

        await GetAsync(key: null);
        using var page = await BrowserPage.OpenAsync(chromium, "about:blank");
        await page.CallAsync("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        await page.CallAsync("Emulation.setEmulatedMedia",
            new() { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }) });
        await page.CallAsync("Page.navigate", new() { ["url"] = Address });
        await page.UntilAsync("document.querySelectorAll('.message').length === 5 && document.querySelectorAll('#calls tr').length === 1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await page.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth"), Is.EqualTo("true"), "no horizontal scrolling");
            Assert.That(await page.EvaluateAsync("[...document.querySelectorAll('.who b')].map(it => it.textContent).join()"),
                Is.EqualTo("Buyer,Shop,Market,Support,COURIER"));
            Assert.That(await page.EvaluateAsync(Contrast), Is.Empty, "Each text has a contrast of at least 4.5.");
        }
    }

    private string Address => $"http://127.0.0.1:{Emulator.BaseAddress.Port}/";

    /// <summary>The elements with text of too low a contrast, by the formula of WCAG 2.</summary>
    private const string Contrast = """
        (() => {
          const parse = text => text.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(it => it / 255).map(it => it <= .04045 ? it / 12.92 : ((it + .055) / 1.055) ** 2.4)
            .reduce((sum, it, at) => sum + it * [.2126, .7152, .0722][at], 0);
          const behind = element => {
            for (; element; element = element.parentElement) {
              const colour = parse(getComputedStyle(element).backgroundColor);
              if (colour[3] !== 0) { return colour; }
            }
            return [255, 255, 255];
          };
          return [...document.querySelectorAll('body *')]
            .filter(it => it.offsetParent && [...it.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
            .map(it => {
              const [front, back] = [light(parse(getComputedStyle(it).color)), light(behind(it))];
              return [it, (Math.max(front, back) + .05) / (Math.min(front, back) + .05)];
            })
            .filter(([, ratio]) => !(ratio >= 4.5)).map(([it, ratio]) => `${it.tagName}.${it.className} ${ratio.toFixed(2)}`).join();
        })()
        """;
}
