using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace YandexMarket.Chats.Tests.Conventions;

/// <summary>
/// The shape of the public API, its documentation and its table of operations, which Chats.Contract.Tests compare with the contract; and what the
/// assembly does not use.
/// </summary>
public sealed class SurfaceTests
{
    private static readonly Assembly _client = typeof(ChatsClient).Assembly;

    // Callers catch it as the base of ChatsRateLimitException, and as itself.
    private static readonly Type[] _open = [typeof(ChatsApiException)];

    // The emulator has no such test of its own.
    private static readonly Assembly[] _documented = [_client, typeof(ChatsEmulator).Assembly];

    // By the name without parameters.
    private static readonly Lazy<ILookup<string, XElement>> _docs = new(() => _documented
        .SelectMany(assembly => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member"))
        .ToLookup(member => member.Attribute("name")!.Value.Split('(')[0]));

    private static Type[] PublicTypes => _client.GetExportedTypes();

    private static IReadOnlyList<ChatsOperation> Operations => ChatsOperations.All;

    [Test]
    public void A_public_class_is_sealed_abstract_or_static_unless_it_is_listed() =>
        Assert.That(PublicTypes.Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false }), Is.EquivalentTo(_open));

    [Test]
    public void All_exceptions_share_a_base_class_and_a_fake_can_throw_each_of_them()
    {
        var exceptions = PublicTypes.Where(type => typeof(Exception).IsAssignableFrom(type)).ToList();

        Assert.That(exceptions.Where(type => !typeof(ChatsException).IsAssignableFrom(type)), Is.EqualTo([typeof(ChatsCanceledException)]));
        Assert.That(exceptions.Select(type => type.Name), Is.All.EndsWith("Exception"));
        Assert.That(exceptions.Where(type => !type.IsAbstract && type.GetConstructors().Length == 0), Is.Empty);
    }

    [Test]
    public void The_client_writes_no_log_and_no_telemetry()
    {
        using var file = new PEReader(File.OpenRead(_client.Location));
        var metadata = file.GetMetadataReader();
        var types = metadata.TypeReferences.Select(handle => metadata.GetString(metadata.GetTypeReference(handle).Name)).ToList();

        Assert.That(types, Has.Member("HttpClient").And.None.AnyOf(
            "Activity", "ActivitySource", "Console", "Debug", "DiagnosticSource", "EventSource", "ILogger", "Meter", "Trace", "TraceSource"));
    }

    [Test]
    public void Every_parameter_and_result_of_a_public_method_and_the_default_of_every_option_is_documented()
    {
        const BindingFlags Declared =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var methods =
            from method in _documented.SelectMany(assembly => assembly.GetExportedTypes()).SelectMany(type => type.GetMembers(Declared)).OfType<MethodBase>()
            where (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && (method.IsConstructor ? method.GetParameters().Length > 0 : !method.IsSpecialName)
                && !method.IsDefined(typeof(CompilerGeneratedAttribute))
            select method;

        Assert.That(methods.Where(method => !IsDocumented(method)), Is.Empty);
        Assert.That(
            typeof(ChatsClientOptions).GetProperties().Where(option => !_docs.Value[$"P:{option.DeclaringType}.{option.Name}"].Single().Value.Contains("efault")),
            Is.Empty);
    }

    [Test]
    public void The_documentation_names_scopes_quota_and_exceptions_and_for_a_send_the_effect_of_cancellation(
        [ValueSource(nameof(Operations))] ChatsOperation operation, [Values(typeof(IChatsClient), typeof(ChatsClient))] Type type)
    {
        var docs = DocsOf(type.GetMethod(NameOf(operation))!)!;

        Assert.That(type.GetMethod(NameOf(operation))!.GetCustomAttribute<RequiredScopesAttribute>()?.Scopes, Is.EqualTo(operation.RequiredScopes).And.Not.Empty);
        Assert.That(docs.Descendants("c").Select(code => code.Value), Is.SupersetOf(operation.RequiredScopes));
        Assert.That(docs.Value, Does.Contain($"Quota: {operation.QuotaPerHour} requests an hour"));
        Assert.That(
            docs.Elements("exception").Select(exception => exception.Attribute("cref")!.Value),
            Is.SupersetOf(PublicTypes.Where(it => it.IsSubclassOf(typeof(ChatsException))).Select(it => $"T:{it.FullName}")));
        Assert.That(docs.Elements("exception").Select(exception => exception.Attribute("cref")!.Value), Has.Member("T:System.ObjectDisposedException"));
        Assert.That(docs.Value, Does.Contain("ChatsQuotaException").And.Contain("An argument is out of range"));
        Assert.That(docs.Value, operation.IsRead ? Does.Not.Contain("surrogate") : Does.Contain("null or contains half of a surrogate pair"));
        Assert.That(docs.Value, operation.IsRead ? Does.Not.Contain("A send in progress") : Does.Contain("A send in progress may have been accepted anyway"));
    }

    [Test]
    public void The_tables_cannot_be_changed()
    {
        Assert.That(() => ((IList<ChatsOperation>)Operations).Clear(), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => ((IList<string>)ChatsOperations.SendMessageToChat.RequiredScopes)[0] = "any", Throws.TypeOf<NotSupportedException>());
    }

    /// <summary>The documentation of a method with these parameters, whose types do not matter.</summary>
    private static XElement? DocsOf(MethodBase method) => _docs.Value[$"M:{method.DeclaringType}.{method.Name.Replace('.', '#')}"].FirstOrDefault(doc =>
        doc.Elements("param").Select(param => param.Attribute("name")!.Value).SequenceEqual(method.GetParameters().Select(parameter => parameter.Name)));

    private static bool IsDocumented(MethodBase method) => DocsOf(method) is { } docs
        && docs.Elements("param").All(param => param.Value.Trim().Length > 0)
        && (method is not MethodInfo { ReturnType: var result } || result == typeof(void) || docs.Element("returns") is not null || docs.Element("inheritdoc") is not null);

    private static string NameOf(ChatsOperation operation) => $"{char.ToUpperInvariant(operation.Id[0])}{operation.Id[1..]}Async";
}
