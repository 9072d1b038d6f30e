using PuppeteerSharp;

namespace YandexMarket.Chats.Emulator.Tests.Inbox;

/// <summary>The page in this machine's Chromium, with a keyboard and no mouse. One browser at a time: each has a dozen processes.</summary>
[Slow]
[Parallelizable(ParallelScope.Self)]
public sealed class InboxBrowserTests : EmulatorTests
{
    private readonly List<string> _errors = [];
    private readonly List<string> _requests = [];
    private IBrowser _browser = null!;
    private IPage _page = null!;

    private string Address => $"http://127.0.0.1:{Emulator.BaseAddress.Port}/";

    protected override void Configure(ChatsEmulatorOptions options) => options.ServeInbox = true;

    [SetUp]
    public async Task StartBrowserAsync()
    {
        var folders = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator);
        var path = folders.SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome", "chrome" }.Select(name => Path.Combine(folder, name)));
        _browser = await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = path.First(File.Exists),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"],
        });
        _page = await _browser.NewPageAsync();
        _page.Console += (_, entry) => _errors.Add(entry.Message.Text);
        _page.PageError += (_, error) => _errors.Add(error.Message);
        _page.Dialog += (_, dialog) => _errors.Add(dialog.Dialog.Message);
        _page.Request += (_, request) => _requests.Add(request.Request.Url);
    }

    [TearDown]
    public ValueTask StopBrowserAsync() => _browser.DisposeAsync();

    [Test]
    public async Task A_person_writes_as_the_buyer_and_adds_a_fault_by_keyboard()
    {
        Chat.Receive("Hello", new ChatAttachment("bad.js", "javascript:alert(1)", 1));
        await _page.GoToAsync(Address);
        await UntilAsync("document.querySelectorAll('.message').length === 1");

        // A text with HTML and two lines, and Enter pressed twice.
        await PressAsync("Escape");
        await TypeAsync("<img src=x onerror=alert(1)><script>alert(2)</script>");
        await _page.Keyboard.DownAsync("Shift");
        await PressAsync("Enter");
        await _page.Keyboard.UpAsync("Shift");
        await TypeAsync("two");
        await PressAsync("Enter");
        await PressAsync("Enter");
        await UntilAsync("document.querySelectorAll('.message').length === 2 && document.getElementById('text').value === ''");
        var written = Chat.Messages[^1];
        var shown = await EvaluateAsync("document.querySelector('.message:last-child .said').textContent");

        // A message of the shop appears without a reload.
        await PostAsync(body: """{"message":"Yes"}""");
        await UntilAsync("document.querySelector('.message:last-child.partner .who b')?.textContent === 'Shop'");

        // With Tab from the text to the faults: "500" is chosen by typing, then the button.
        var order = new List<string>();
        for (var tabs = 0; tabs < 6; tabs++)
        {
            await PressAsync("Tab");
            order.Add(await EvaluateAsync("document.activeElement.id || document.activeElement.textContent.trim()"));
            if (order[^1] == "fault")
            {
                await PressAsync("5");
            }
        }

        await PressAsync("Enter");
        await UntilAsync("document.getElementById('orders').textContent.startsWith('Next call: 500, after delivery.')");
        var failed = await PostAsync(body: """{"message":"Lost"}""");
        await UntilAsync("document.querySelector('#calls tr')?.children[3].textContent === '500'");
        var row = await EvaluateAsync("[...document.querySelector('#calls tr').children].slice(1).map(it => it.textContent).join('|')");

        using var scope = Assert.EnterMultipleScope();
        Assert.That((written.Sender, written.Text), Is.EqualTo((EmulatedSender.Customer, "<img src=x onerror=alert(1)><script>alert(2)</script>\ntwo")));
        Assert.That(shown, Is.EqualTo(written.Text));
        Assert.That(await EvaluateAsync("document.querySelectorAll('#messages script, #messages img, #messages a').length"), Is.EqualTo("0"));
        Assert.That(order, Is.EqualTo(new[] { "Send", "fault", "", "times", "operation", "Add to next" }));
        Assert.That((failed.Status, Chat.Messages[^1].Text), Is.EqualTo((500, "Lost")));
        Assert.That(row, Is.EqualTo("POST send|2|500|INTERNAL_SERVER_ERROR: Internal server error|500|yes: message 4|k…"));
        Assert.That(_errors, Is.Empty);
        Assert.That(_requests, Is.Not.Empty.And.All.StartsWith(Address).Or.StartsWith("data:"));
        Assert.That(Emulator.Requests.Total, Is.EqualTo(2));
    }

    [Test]
    public async Task The_draft_of_one_chat_does_not_go_to_another()
    {
        var other = Business.AddChat(3);
        await _page.GoToAsync($"http://localhost:{Emulator.BaseAddress.Port}/#1/3");
        await UntilAsync("document.getElementById('chat-title').textContent === 'Chat 3 of business 1'");
        await PressAsync("Escape");
        await TypeAsync("for three");
        Chat.Receive("Hello");
        await UntilAsync("document.querySelector('#chats .new').textContent === '1 new'");

        await _page.FocusAsync("#chats button");
        await PressAsync("Enter");
        await UntilAsync("document.getElementById('text').value === '' && document.querySelectorAll('.message').length === 1");
        await PressAsync("Escape");
        await TypeAsync("for two");
        await PressAsync("Enter");
        await UntilAsync("document.querySelectorAll('.message').length === 2");
        await _page.FocusAsync("#chats li:last-child button");
        await PressAsync("Enter");
        await UntilAsync("document.getElementById('text').value === 'for three'");

        Assert.That((Chat.Messages[^1].Text, other.Messages.Count), Is.EqualTo(("for two", 0)));
    }

    [Test]
    public async Task Without_chats_it_pauses_between_two_requests()
    {
        await using var empty = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions { ServeInbox = true });
        await _page.EvaluateExpressionOnNewDocumentAsync(
            "var pauses = 0; const wait = setTimeout; window.setTimeout = (action, time) => { pauses++; return wait(action, time); };");
        await _page.GoToAsync($"http://127.0.0.1:{empty.BaseAddress.Port}/");
        await UntilAsync("pauses >= 2");
        var requests = _requests.Count(it => it.Contains("/_inbox/state", StringComparison.Ordinal));

        Assert.That(requests, Is.LessThanOrEqualTo(1 + int.Parse(await EvaluateAsync("pauses"), CultureInfo.InvariantCulture)));
        Assert.That(await EvaluateAsync("document.getElementById('no-chats').hidden"), Is.EqualTo("false"));
    }

    [Test]
    public async Task A_malformed_address_and_senders_named_like_members_of_every_object_do_no_harm()
    {
        var names = new[] { "constructor", "__proto__" };
        foreach (var name in names)
        {
            Chat.AddMessage(name, "Hello");
        }

        await _page.GoToAsync(Address + "#%");
        await UntilAsync("document.querySelectorAll('.message.other').length === 2");

        Assert.That(await EvaluateAsync("[...document.querySelectorAll('.who b')].map(it => it.textContent)"), Is.EqualTo(string.Join(',', names)));
        Assert.That(await EvaluateAsync("document.getElementById('connection').textContent"), Is.EqualTo("Live"));
        Assert.That(_errors, Is.Empty);
    }

    private Task PressAsync(string key) => _page.Keyboard.PressAsync(key);

    /// <summary>Inserts a text as an input method does.</summary>
    private Task TypeAsync(string text) => _page.Keyboard.SendCharacterAsync(text);

    private Task<string> EvaluateAsync(string expression) => _page.EvaluateExpressionAsync<string>($"String({expression})");

    /// <summary>The browser is another process with its own clock.</summary>
    private async Task UntilAsync(string condition)
    {
        using var timeout = new CancellationTokenSource(Until.Timeout);
        while (await EvaluateAsync(condition) != "true")
        {
            Assert.That(timeout.IsCancellationRequested, Is.False, $"Still not: {condition}\n{string.Join('\n', _errors)}");
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
