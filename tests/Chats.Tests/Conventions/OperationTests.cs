using System.Reflection;

namespace YandexMarket.Chats.Tests.Conventions;

/// <summary>The table of operations, the methods and their documentation agree. Chats.Contract.Tests compares them with the contract.</summary>
public sealed class OperationTests
{
    private static IReadOnlyList<ChatsOperation> Operations => ChatsOperations.All;

    [Test]
    public void Every_method_is_an_operation_and_All_holds_each_of_them_once()
    {
        Assert.That(typeof(IChatsClient).GetMethods().Select(method => method.Name), Is.EquivalentTo(Operations.Select(NameOf)));
        Assert.That(
            typeof(ChatsOperations).GetProperties().Where(property => property.PropertyType == typeof(ChatsOperation))
                .Select(property => property.GetValue(null)),
            Is.EquivalentTo(Operations).And.Unique);
    }

    [Test]
    public void The_documentation_names_scopes_quota_and_exceptions_and_of_a_send_what_a_cancellation_means(
        [ValueSource(nameof(Operations))] ChatsOperation operation, [Values(typeof(IChatsClient), typeof(ChatsClient))] Type type)
    {
        var method = type.GetMethod(NameOf(operation))!;
        var docs = ClientAssembly.DocsOf(method).Single();

        Assert.That(method.GetCustomAttribute<RequiredScopesAttribute>()?.Scopes, Is.EqualTo(operation.RequiredScopes).And.Not.Empty);
        Assert.That(docs.Descendants("c").Select(code => code.Value), Is.SupersetOf(operation.RequiredScopes));
        Assert.That(docs.Value, Does.Contain($"Quota: {operation.QuotaPerHour} requests an hour"));
        Assert.That(
            docs.Elements("exception").Select(exception => exception.Attribute("cref")!.Value),
            Is.SupersetOf(ClientAssembly.PublicTypes.Where(it => it.IsSubclassOf(typeof(ChatsException))).Select(it => $"T:{it.FullName}")));
        Assert.That(docs.Value, operation.IsRead ? Does.Not.Contain("A send in progress") : Does.Contain("A send in progress may have been accepted all the same"));
    }

    [Test]
    public void The_tables_cannot_be_changed()
    {
        Assert.That(() => ((IList<ChatsOperation>)Operations).Clear(), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => ((IList<string>)ChatsOperations.SendMessageToChat.RequiredScopes)[0] = "any", Throws.TypeOf<NotSupportedException>());
    }

    private static string NameOf(ChatsOperation operation) => $"{char.ToUpperInvariant(operation.Id[0])}{operation.Id[1..]}Async";
}
