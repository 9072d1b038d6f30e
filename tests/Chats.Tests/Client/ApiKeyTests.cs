using YandexMarket.Chats.Tests.Stub;

namespace YandexMarket.Chats.Tests.Client;

/// <summary>What a key may look like. A bad one is never quoted: not even its beginning.</summary>
public sealed class ApiKeyTests : StubFixture
{
    private static IEnumerable<TestCaseData> BadKeys =>
    [
        Bad("", "empty"),
        Bad("SECRET\n", "line break"),
        Bad("SECRET\r\n", "line break"),
        Bad("SEC\nApi-Key: RET", "line break"),
        Bad(" SECRET", "space or a tab"),
        Bad("SECRET\t", "space or a tab"),
        Bad("SEC RET", "space or a tab"),
        Bad("SECRET\u00A0", "space or a tab"),
        Bad("Bearer SECRET", "Bearer"),
        Bad("bearer SECRET", "Bearer"),
        Bad("SECRET\0", "control character"),
        Bad("SECRET\u007F", "control character"),
        Bad("SECRЕT", "outside ASCII"),
        Bad("SECRET\u200B", "outside ASCII"),
        Bad("SECRET\uD83D", "outside ASCII"),
    ];

    [TestCaseSource(nameof(BadKeys))]
    public void A_bad_key_is_refused_by_the_name_of_its_fault(string key, string fault)
    {
        var exception = Assert.Throws<ArgumentException>(() => new ChatsClient(new ChatsClientOptions { ApiKey = key }));

        Assert.That($"{exception}", Does.Contain("ApiKey").And.Contain(fault).And.Not.Contain("SEC").And.Not.Contain("RET"));
    }

    [TestCaseSource(nameof(BadKeys))]
    public async Task A_bad_key_of_the_provider_is_refused_before_anything_is_sent(string key, string fault)
    {
        Stub.Answer(StubAnswer.Ok("""{"status":"OK"}"""));
        using var client = NewClient(options => (options.ApiKey, options.ApiKeyProvider) = (null, _ => new(key)));

        var exception = await Assert.ThrowsAsync<ChatsApiKeyException>(() => client.SendMessageToChatAsync(1, 2, "text"));

        Assert.That($"{exception}", Does.Contain("ApiKeyProvider").And.Contain(fault).And.Not.Contain("SEC").And.Not.Contain("RET"));
        Assert.That(Stub.Requests, Is.Empty);
    }

    [Test]
    public async Task A_provider_that_gives_null_is_told_so()
    {
        Stub.Answer(StubAnswer.Ok("""{"status":"OK"}"""));
        using var client = NewClient(options => (options.ApiKey, options.ApiKeyProvider) = (null, _ => new((string)null!)));

        var exception = await Assert.ThrowsAsync<ChatsApiKeyException>(() => client.SendMessageToChatAsync(1, 2, "text"));

        Assert.That(exception!.Message, Does.Contain("ApiKeyProvider").And.Contain("empty"));
        Assert.That(Stub.Requests, Is.Empty);
    }

    [Test]
    public async Task Every_visible_character_of_ASCII_goes_over_the_wire_as_it_is()
    {
        var key = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code));
        Stub.Answer(StubAnswer.Ok("""{"status":"OK"}"""));
        using var client = NewClient(options => options.ApiKey = key);

        await client.SendMessageToChatAsync(1, 2, "text");

        Assert.That(Stub.Requests.Single().Header("Api-Key"), Is.EqualTo(key));
    }

    [Test]
    public async Task The_provider_is_asked_on_every_request()
    {
        var asked = 0;
        Stub.Answer(StubAnswer.Ok("""{"status":"OK"}"""));
        using var client = NewClient(options => (options.ApiKey, options.ApiKeyProvider) = (null, async _ =>
        {
            await Task.Yield();
            return $"key-{++asked}";
        }
        ));

        await client.SendMessageToChatAsync(1, 2, "text");
        await client.SendMessageToChatAsync(1, 2, "text");
        await client.SendMessageToChatAsync(1, 2, "text");

        Assert.That(Stub.Requests.Select(request => request.Header("Api-Key")), Is.EqualTo(["key-1", "key-2", "key-3"]));
    }

    [Test]
    public async Task What_a_provider_throws_is_the_inner_exception([Values] bool later)
    {
        var fault = new UnauthorizedAccessException("the vault is closed");
        Stub.Answer(StubAnswer.Ok("""{"status":"OK"}"""));
        using var client = NewClient(options => (options.ApiKey, options.ApiKeyProvider) = (null, async _ =>
        {
            if (later)
            {
                await Task.Yield();
            }

            throw fault;
        }
        ));

        var exception = await Assert.ThrowsAsync<ChatsApiKeyException>(() => client.SendMessageToChatAsync(1, 2, "text"));

        Assert.That((exception!.InnerException, exception.MayHaveBeenSent, exception.IsTransient), Is.EqualTo((fault, false, true)));
        Assert.That(Stub.Requests, Is.Empty);
    }

    [Test]
    public async Task A_provider_that_throws_before_its_first_await_fails_the_task_and_not_the_call()
    {
        using var client = NewClient(options => (options.ApiKey, options.ApiKeyProvider) = (null, _ => throw new TimeoutException("no vault")));

        var call = client.SendMessageToChatAsync(1, 2, "text");

        Assert.That((await Assert.ThrowsAsync<ChatsApiKeyException>(() => call))!.InnerException, Is.TypeOf<TimeoutException>());
    }

    private static TestCaseData Bad(string key, string fault) =>
        new TestCaseData(key, fault).SetArgDisplayNames(string.Concat(key.Select(c => c is > ' ' and < '\u007F' ? $"{c}" : $"<{(int)c:X4}>")), fault);
}
