using System.Reflection;
using System.Xml.Linq;

namespace YandexMarket.Chats.Tests.Conventions;

/// <summary>An operation says the same wherever it speaks: in the table, in the attributes and in the documentation.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class OperationTests
{
    private static IReadOnlyList<ChatsOperation> Operations => ChatsOperations.All;

    [Test]
    public void Every_method_is_an_operation_and_every_operation_a_method() =>
        Assert.That(typeof(IChatsClient).GetMethods().Select(method => method.Name), Is.EquivalentTo(Operations.Select(NameOf)));

    [Test]
    public void All_holds_every_operation_once() =>
        Assert.That(
            typeof(ChatsOperations).GetProperties().Where(property => property.PropertyType == typeof(ChatsOperation))
                .Select(property => property.GetValue(null)),
            Is.EquivalentTo(Operations).And.Unique);

    [TestCaseSource(nameof(Operations))]
    public void The_scopes_stand_in_attributes_and_documentation(ChatsOperation operation)
    {
        Assert.That(operation.RequiredScopes, Is.Not.Empty.And.Unique.And.SubsetOf(Scopes));
        foreach (var method in new[] { MethodOf(typeof(IChatsClient), operation), MethodOf(typeof(ChatsClient), operation) })
        {
            var codes = ClientAssembly.DocsOf(method).Descendants("c").Select(code => code.Value);
            Assert.That(method.GetCustomAttribute<RequiredScopesAttribute>()?.Scopes, Is.EqualTo(operation.RequiredScopes), $"{method}");
            Assert.That(codes, Is.SupersetOf(operation.RequiredScopes), $"{method}");
        }
    }

    [TestCaseSource(nameof(Operations))]
    public void The_quota_stands_in_the_documentation(ChatsOperation operation)
    {
        Assert.That(operation.QuotaPerHour, Is.Positive);
        foreach (var type in new[] { typeof(IChatsClient), typeof(ChatsClient) })
        {
            Assert.That(ClientAssembly.TextOf(MethodOf(type, operation)), Does.Contain($"Quota: {operation.QuotaPerHour} requests an hour"));
        }
    }

    [TestCaseSource(nameof(Operations))]
    public void The_documentation_names_every_parameter_and_every_exception(ChatsOperation operation)
    {
        foreach (var type in new[] { typeof(IChatsClient), typeof(ChatsClient) })
        {
            var method = MethodOf(type, operation);
            var docs = ClientAssembly.DocsOf(method).Single();
            Assert.That(
                docs.Elements("param").Where(param => param.Value.Trim().Length > 0).Select(param => param.Attribute("name")!.Value),
                Is.EqualTo(method.GetParameters().Select(parameter => parameter.Name)));
            Assert.That(
                docs.Elements("exception").Select(exception => exception.Attribute("cref")!.Value),
                Is.SupersetOf(ClientAssembly.PublicTypes.Where(it => it.IsSubclassOf(typeof(ChatsException))).Select(it => $"T:{it.FullName}")));
        }
    }

    [Test]
    public void Only_a_send_says_that_a_canceled_call_may_have_been_accepted()
    {
        foreach (var operation in ChatsOperations.All)
        {
            var text = ClientAssembly.TextOf(MethodOf(typeof(IChatsClient), operation));
            Assert.That(text.Contains("A send in progress may have been accepted all the same", StringComparison.Ordinal), Is.EqualTo(!operation.IsRead), operation.Id);
        }
    }

    [Test]
    public void The_tables_cannot_be_changed()
    {
        Assert.That(() => ((IList<ChatsOperation>)ChatsOperations.All).Clear(), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => ((IList<string>)ChatsOperations.SendMessageToChat.RequiredScopes)[0] = "any", Throws.TypeOf<NotSupportedException>());
    }

    [Test]
    public void The_default_address_is_the_contract_s_first_server()
    {
        var lines = Repository.Read("openapi/chats.yaml").Split('\n');
        var first = lines[Array.IndexOf(lines, "servers:") + 1].Trim();

        Assert.That($"- url: {new ChatsClientOptions().BaseAddress.AbsoluteUri.TrimEnd('/')}", Is.EqualTo(first));
    }

    private static string[] Scopes => [.. typeof(ChatsScopes).GetFields().Select(constant => (string)constant.GetRawConstantValue()!)];

    private static string NameOf(ChatsOperation operation) => $"{char.ToUpperInvariant(operation.Id[0])}{operation.Id[1..]}Async";

    private static MethodInfo MethodOf(Type type, ChatsOperation operation) => type.GetMethod(NameOf(operation))!;
}
