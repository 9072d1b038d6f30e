namespace YandexMarket.Chats.Tests.Calling;

/// <summary>A wrong option is rejected when the client is made, by a message that names it and how to fix it.</summary>
public sealed class OptionsTests
{
    private static IEnumerable<TestCaseData> Faults =>
    [
        Fault("no key", options => options.ApiKey = null, "there is no key", "set it, or ApiKeyProvider"),
        Fault("two keys", options => options.ApiKeyProvider = _ => new("other"), "two keys", "not both"),
        Fault("an empty key", options => options.ApiKey = "", "ApiKey", "empty"),
        Fault("no address", options => options.BaseAddress = null!, "BaseAddress", "set an address"),
        Fault("a relative address", options => options.BaseAddress = new("/v2/", UriKind.Relative), "BaseAddress", "https://host/v2/"),
        Fault("plain http", options => options.BaseAddress = new("http://example.org/v2/"), "BaseAddress", "AllowInsecureHttp"),
        Fault("plain http to another machine", options => options.BaseAddress = new("http://10.0.0.1/v2/"), "BaseAddress", "use https"),
        Fault("plain http to a name that looks local", options => options.BaseAddress = new("http://localhost.example.org/"), "BaseAddress", "use https"),
        Fault("another scheme", options => options.BaseAddress = new("ftp://127.0.0.1/"), "BaseAddress", "https"),
        Fault("another scheme, with AllowInsecureHttp",
            options => (options.BaseAddress, options.AllowInsecureHttp) = (new("ftp://127.0.0.1/"), true), "BaseAddress", "https"),
        Fault("a file", options => options.BaseAddress = new("file:///v2/"), "BaseAddress", "https"),
        Fault("a user in the address", options => options.BaseAddress = new("https://user:word@example.org/"), "BaseAddress", "use ApiKey for the key"),
        Fault("a query", options => options.BaseAddress = new("https://example.org/v2?a=b"), "BaseAddress", "end it after the path"),
        Fault("a fragment", options => options.BaseAddress = new("https://example.org/v2#a"), "BaseAddress", "end it after the path"),
        Fault("an empty scope", options => options.GrantedScopes = ["communication", ""], "GrantedScopes", "leave it null"),
        Fault("a blank scope", options => options.GrantedScopes = [" "], "GrantedScopes", "leave it null"),
        Fault("a zero timeout", options => options.Timeout = TimeSpan.Zero, "Timeout", "more than zero"),
        Fault("a negative timeout", options => options.Timeout = TimeSpan.FromMilliseconds(-2), "Timeout", "more than zero"),
        Fault("a timeout of more than 24 days", options => options.Timeout = TimeSpan.FromDays(24) + TimeSpan.FromTicks(1), "Timeout", "at most 24 days"),
        Fault("a maximum of zero bytes", options => options.MaxResponseBytes = 0, "MaxResponseBytes", "1048576"),
        Fault("a negative maximum", options => options.MaxResponseBytes = -1, "MaxResponseBytes", "1048576"),
        Fault("an empty integration", options => options.Integration = "", "Integration", "1 to 100"),
        Fault("an integration of 101 characters", options => options.Integration = new string('a', 101), "Integration", "1 to 100"),
        Fault("a line break in the integration", options => options.Integration = "a\r\nb: c", "Integration", "name/version"),
        Fault("a Cyrillic integration", options => options.Integration = "магазин/1", "Integration", "ASCII"),
        Fault("a trailing space in the integration", options => options.Integration = "shop/1 ", "Integration", "without leading or trailing spaces"),
        Fault("no clock", options => options.TimeProvider = null!, "TimeProvider", "leave the default"),
    ];

    private static IEnumerable<Action<ChatsClientOptions>> Bounds =>
    [
        options => options.BaseAddress = new("http://localhost:1/"),
        options => options.BaseAddress = new("http://127.8.9.1:1"),
        options => options.BaseAddress = new("http://[::1]:1/"),
        options => options.BaseAddress = new("https://example.org/v2"),
        options => (options.BaseAddress, options.AllowInsecureHttp) = (new("https://example.org/v2"), true),
        options => (options.BaseAddress, options.AllowInsecureHttp) = (new("http://example.org/v2/"), true),
        options => options.GrantedScopes = [],
        options => options.GrantedScopes = ["a-scope-of-the-future"],
        options => options.Timeout = TimeSpan.FromTicks(1),
        options => options.Timeout = TimeSpan.FromDays(24),
        options => options.Timeout = Timeout.InfiniteTimeSpan,
        options => options.MaxResponseBytes = 1,
        options => options.MaxResponseBytes = int.MaxValue,
        options => options.Integration = new string('~', 100),
        options => options.Integration = "a b",
        options => options.ApiKey = "!~",
    ];

    [TestCaseSource(nameof(Faults))]
    public void An_invalid_option_is_named_with_its_fix(Action<ChatsClientOptions> change, string option, string fix)
    {
        var options = Good();
        change(options);
        using var http = new HttpClient();

        foreach (var construct in new Func<ChatsClient>[] { () => new ChatsClient(options), () => new ChatsClient(http, options) })
        {
            Assert.That(
                construct,
                Throws.TypeOf<ArgumentException>().With.Property("ParamName").EqualTo("options")
                    .And.Message.Contains(option).And.Message.Contains(fix).And.Message.Not.Contains("SECRET"));
        }

        Assert.That(options.Validate, Throws.ArgumentException.With.Message.Contains(fix));
    }

    [TestCaseSource(nameof(Bounds))]
    public void Values_at_their_limits_are_accepted(Action<ChatsClientOptions> change)
    {
        var options = Good();
        change(options);

        Assert.That(options.Validate, Throws.Nothing);
        Assert.That(() => new ChatsClient(options).Dispose(), Throws.Nothing);
    }

    [Test]
    public void A_null_argument_or_a_relative_address_of_a_handler_is_named()
    {
        using var http = new HttpClient();
        Assert.That(() => new ChatsClient(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("options"));
        Assert.That(() => new ChatsClient(http, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("options"));
        Assert.That(() => new ChatsClient(null!, Good()), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("httpClient"));
        Assert.That(
            () => ChatsClient.CreateHandler(new ChatsClientOptions { BaseAddress = new Uri("v2/", UriKind.Relative) }),
            Throws.ArgumentException.With.Message.Contains("BaseAddress"));
    }

    private static ChatsClientOptions Good() => new() { ApiKey = "SECRET" };

    private static TestCaseData Fault(string name, Action<ChatsClientOptions> change, string option, string fix) =>
        new TestCaseData(change, option, fix).SetArgDisplayNames(name);
}
