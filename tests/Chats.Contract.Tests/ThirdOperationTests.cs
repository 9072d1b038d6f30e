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
    public async Task Its_address_its_documentation_and_its_entry_in_the_table()
    {
        var compiled = _client.Value;
        var operation = compiled.Operation("GetChat");
        var client = compiled.Connect("""{"status":"OK","result":{"chatId":9,"buyer":{"kind":"CUSTOMER","name":"B"},"messages":[]}}""");

        var chat = await client.Client.GetChatAsync(1L, 9L, 50);

        Assert.That(client.Requests.Single().Line, Is.EqualTo("GET https://api.partner.market.yandex.ru/v2/businesses/1/chats/9?limit=50"));
        Assert.That(((object)chat.Buyer.Kind).ToString(), Is.EqualTo("Customer"));
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
