using System.Reflection;
using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Changed;

/// <summary>Who may call, how often, where and with which header: a line of the contract each, and no line of C#.</summary>
[Slow]
internal sealed class ScopeAndQuotaTests
{
    private const string Scopes = "      x-auth-scopes: [communication, all-methods]\n";
    private const string SendQuota = "      x-quota-per-hour: 1000\n      parameters:\n        - $ref: '#/components/parameters/businessId'\n        - $ref: '#/components/parameters/chatId'\n      requestBody:\n";

    private static ChangedContract Real => ChangedContract.Unchanged;

    [Test]
    public async Task A_key_with_a_scope_that_was_deleted_is_refused_here_and_nothing_is_sent()
    {
        var before = Real.Compile().Connect(Responses.Ok, grantedScopes: ["all-methods"]);
        await before.SendAsync();
        Assert.That(before.Requests, Has.Count.EqualTo(1), "The scope is enough in the real contract.");

        var compiled = Real.With(Scopes, "      x-auth-scopes: [communication]\n").Compile();
        var after = compiled.Connect(Responses.Ok, grantedScopes: ["all-methods"]);

        Assert.That(
            () => after.SendAsync(),
            Throws.InstanceOf(compiled.Type("ChatsScopeException")).With.Message.Contains("It needs one of: communication."));
        Assert.That(after.Requests, Is.Empty);
    }

    [Test]
    public void A_scope_that_was_deleted_is_gone_from_the_attribute_the_table_and_the_documentation()
    {
        var compiled = Real.With(Scopes, "      x-auth-scopes: [communication]\n").Compile();

        foreach (var type in new[] { "IChatsClient", "ChatsClient" })
        {
            dynamic attribute = compiled.Type(type).GetMethod("SendMessageToChatAsync")!.GetCustomAttribute(compiled.Type("RequiredScopesAttribute"))!;
            Assert.That((IEnumerable<string>)attribute.Scopes, Is.EqualTo(["communication"]));
        }

        Assert.That((IEnumerable<string>)compiled.Operation("SendMessageToChat").RequiredScopes, Is.EqualTo(["communication"]));
        Assert.That(compiled.DocumentationOf("SendMessageToChatAsync"), Does.Contain("one of the scopes: <c>communication</c>. Quota"));
    }

    [Test]
    public async Task A_scope_that_was_added_is_enough()
    {
        var compiled = Real.WithAfter("x-scopes:\n", "  chats-bot: Answering by itself.\n").With(Scopes, "      x-auth-scopes: [communication, chats-bot]\n").Compile();
        var client = compiled.Connect(Responses.Ok, grantedScopes: ["chats-bot"]);

        await client.SendAsync();

        Assert.That(client.Requests, Has.Count.EqualTo(1));
        Assert.That(compiled.Type("ChatsScopes").GetField("ChatsBot")!.GetValue(null), Is.EqualTo("chats-bot"));
    }

    [Test]
    public void A_changed_quota_is_in_the_table_and_the_documentation_of_its_operation_alone()
    {
        var compiled = Real.With(SendQuota, SendQuota.Replace("1000", "7", StringComparison.Ordinal)).Compile();

        Assert.That((int)compiled.Operation("SendMessageToChat").QuotaPerHour, Is.EqualTo(7));
        Assert.That((int)compiled.Operation("GetChatMessage").QuotaPerHour, Is.EqualTo(1000));
        Assert.That(compiled.DocumentationOf("SendMessageToChatAsync"), Does.Contain("Quota: 7 requests an hour"));
    }

    [Test]
    public async Task A_changed_server_is_where_requests_go_and_a_changed_header_carries_the_key()
    {
        var client = Real.With("  - url: https://api.partner.market.yandex.ru/v2\n", "  - url: https://example.org/v3\n")
            .With("      name: Api-Key\n", "      name: X-Token\n").Compile().Connect(Responses.Ok);

        await client.SendAsync();

        var request = client.Requests.Single();
        Assert.That(request.Line, Is.EqualTo("POST https://example.org/v3/businesses/1/chats/message?chatId=2"));
        Assert.That(request.Headers, Contains.Key("X-Token").WithValue("key").And.Not.ContainKey("Api-Key"));
    }
}
