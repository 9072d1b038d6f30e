namespace YandexMarket.Chats.Contract.Tests;

/// <summary>An operation that is added to the contract as CONTRIBUTING.md says is complete.</summary>
[Slow]
internal sealed class ThirdOperationTests
{
    private static readonly MarkdownPage.Block[] _blocks =
        [.. Pages.Read("CONTRIBUTING.md").Blocks.Where(block => block.Section == "Adding an operation")];

    /// <summary>Steps 1 and 2: the path above the components, the schemas above ApiError.</summary>
    public static ChangedContract Contract { get; } = ChangedContract.Unchanged
        .WithBefore("components:\n  securitySchemes:\n", _blocks[0].Text + "\n")
        .WithBefore("    ApiError:\n      type: object\n", _blocks[1].Text + "\n");

    private static readonly Lazy<CompiledClient> _client = new(() => Contract.Compile());

    [Test]
    public void Every_block_of_the_page_is_used_here() => Assert.That(_blocks.Select(block => block.Language), Is.EqualTo(["yaml", "yaml", "csharp"]));

    [Test]
    public void Nothing_in_Hosting_is_written_for_one_operation() => Assert.That(
        Directory.EnumerateFiles(Repository.PathOf("src/Chats.Hosting"), "*.cs", SearchOption.AllDirectories)
            .Where(path => ChatsOperations.All.Any(operation => File.ReadAllText(path).Contains(operation.Id, StringComparison.OrdinalIgnoreCase))),
        Is.Empty);

    [Test]
    public async Task The_test_of_the_page_passes()
    {
        var type = _client.Value.LoadBeside(Compiler.CompileTest(_client.Value, _blocks[2].Text)).GetExportedTypes().Single();
        var tests = type.GetMethods().Where(method => method.GetCustomAttribute<TestAttribute>() is not null).ToList();

        foreach (var test in tests)
        {
            await (test.Invoke(Activator.CreateInstance(type), null) as Task ?? Task.CompletedTask);
        }

        Assert.That(tests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task It_works()
    {
        var client = _client.Value.Connect("""
            {"status":"OK","result":{"closedAt":null,"chatId":9,"buyer":{"kind":"CUSTOMER","name":"B"},"messages":[
              {"messageId":1,"createdAt":"2020-01-02T03:04:05Z","sender":"PARTNER","message":"one"},
              {"messageId":2,"createdAt":"2020-01-02T03:04:06Z","sender":"NEW","payload":[{"name":"n","url":"u","size":1}]}]}}
            """);

        var chat = await client.Client.GetChatAsync(1L, 9L, 50);

        Assert.That(client.Requests.Single().Line, Is.EqualTo("GET https://api.partner.market.yandex.ru/v2/businesses/1/chats/9?limit=50"));
        Assert.That(
            ((long)chat.ChatId, (string)chat.Buyer.Name, ((object)chat.Buyer.Kind).ToString(), (string)chat.Messages[0].Message, (string)chat.Messages[1].Payload[0].Url),
            Is.EqualTo((9L, "B", "Customer", "one", "u")));
        Assert.That((DateTimeOffset?)chat.ClosedAt, Is.Null);
    }

    [Test]
    public void It_is_in_the_interface_the_table_and_the_documentation()
    {
        var compiled = _client.Value;
        var operation = compiled.Operation("GetChat");

        Assert.That((IEnumerable<string>)operation.RequiredScopes, Is.EqualTo(["communication"]));
        Assert.That(
            ((string)operation.Id, (string)operation.Path, (int)operation.QuotaPerHour, (bool)operation.IsRead),
            Is.EqualTo(("getChat", "/businesses/{businessId}/chats/{chatId}", 42, true)));
        Assert.That(
            ((System.Collections.ICollection)compiled.Type("ChatsOperations").GetProperty("All")!.GetValue(null)!).Count,
            Is.EqualTo(3));
        Assert.That(
            compiled.DocumentationOf("GetChatAsync"),
            Does.Contain("Reads a chat.").And.Contain("<c>communication</c>. Quota: 42 requests an hour").And.Contain("At least 1. At most 50."));
    }
}
