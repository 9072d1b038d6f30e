namespace YandexMarket.Chats.Tests.Faults;

/// <summary>The key goes to one place only, and is never quoted.</summary>
public class KeyTests
{
    [TestCase("", "empty")]
    [TestCase("KEYCANARY\r\nX-Other: 1", "line break")]
    [TestCase("KEYCANARY\n", "line break")]
    [TestCase(" KEYCANARY", "space")]
    [TestCase("KEYCANARY\t", "tab")]
    [TestCase("KEYCANARY\u00A0", "space")]
    [TestCase("KEYCANARY\0", "control")]
    [TestCase("KEYCANARY\u007F", "control")]
    [TestCase("КEYCANARY", "ASCII", TestName = "A bad key: with a Cyrillic letter that looks Latin")]
    [TestCase("bearer KEYCANARY", "Bearer")]
    public void A_bad_key_is_refused_by_the_name_of_its_fault(string key, string fault)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new ChatsClient(new ChatsClientOptions { ApiKey = key }).Dispose())!;

        Assert.That(refusal.Message, Does.Contain("ApiKey").And.Contain(fault));
        Assert.That(Canary.PlacesIn(refusal), Is.Empty);
    }

    [TestCase("!\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~")]
    [TestCase(Canary.Key)]
    public async Task A_good_key_stands_in_one_header_as_it_is(string key)
    {
        await using var server = new Server.RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{Calls.Good}");
        });
        using (var client = new ChatsClient(new ChatsClientOptions { ApiKey = key, BaseAddress = server.Address }))
        {
            await client.SendMessageToChatAsync(1, 2, "text");
        }

        var lines = server.Record.Heads.Single().Split("\r\n");
        Assert.That(lines.Where(line => line.Contains(key, StringComparison.Ordinal)), Is.EqualTo(new[] { $"Api-Key: {key}" }));
    }

    [TestCase("http://api.partner.market.yandex.ru/v2/", false)]
    [TestCase("http://10.0.0.1/v2/", false)]
    [TestCase("ftp://127.0.0.1/", false)]
    [TestCase("https://api.partner.market.yandex.net/v2", true)]
    [TestCase("http://localhost:1/", true)]
    [TestCase("http://127.0.0.1:1/", true)]
    [TestCase("http://[::1]:1/", true)]
    public void Plain_http_is_for_loopback_only(string address, bool accepted)
    {
        var options = new ChatsClientOptions { ApiKey = Canary.Key, BaseAddress = new Uri(address) };

        Assert.That(() => new ChatsClient(options).Dispose(), accepted ? Throws.Nothing : Throws.ArgumentException.With.Message.Contains("BaseAddress"));
    }
}
