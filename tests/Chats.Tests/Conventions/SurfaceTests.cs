using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace YandexMarket.Chats.Tests.Conventions;

/// <summary>The shape of the public API and its documentation, and what the assembly refers to.</summary>
public sealed class SurfaceTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Callers catch it as the base of ChatsRateLimitException, and as itself.
    private static readonly Type[] _open = [typeof(ChatsApiException)];

    [Test]
    public void A_public_class_is_sealed_abstract_or_static_unless_it_is_listed() =>
        Assert.That(
            ClientAssembly.PublicTypes.Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false }), Is.EquivalentTo(_open));

    [Test]
    public void Exceptions_are_of_one_family_and_a_fake_can_throw_each_of_them()
    {
        var exceptions = ClientAssembly.PublicTypes.Where(type => typeof(Exception).IsAssignableFrom(type)).ToList();

        Assert.That(exceptions.Where(type => !typeof(ChatsException).IsAssignableFrom(type)), Is.EqualTo([typeof(ChatsCanceledException)]));
        Assert.That(exceptions.Select(type => type.Name), Is.All.EndsWith("Exception"));
        Assert.That(exceptions.Where(type => !type.IsAbstract && type.GetConstructors().Length == 0), Is.Empty);
    }

    [Test]
    public void Newtonsoft_Json_is_all_that_the_assembly_brings_along()
    {
        string[] own =
#if CHATS_NETSTANDARD
            ["Newtonsoft.Json", "Microsoft.Bcl.TimeProvider", "System.Buffers", "System.Memory", "System.Threading.Tasks.Extensions", "netstandard"];
#else
            ["Newtonsoft.Json"];
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
#endif
        var foreign = ClientAssembly.Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!)
#if !CHATS_NETSTANDARD
            .Where(name => !File.Exists(Path.Combine(framework, name + ".dll")))
#endif
            .ToList();

        Assert.That(foreign, Is.SubsetOf(own).And.Member("Newtonsoft.Json"));
    }

    [Test]
    public void No_warning_of_trimming_or_native_compilation_is_suppressed() => Assert.That(
        ClientAssembly.Assembly.GetTypes().SelectMany(type => type.GetMembers(Declared).Prepend(type)).SelectMany(member => member.CustomAttributes).Select(attribute => attribute.AttributeType.Name),
        Has.Member("RequiredScopesAttribute").And.None.AnyOf(
            "UnconditionalSuppressMessageAttribute", "RequiresUnreferencedCodeAttribute", "RequiresDynamicCodeAttribute"));

    [Test]
    public void The_client_writes_no_log_and_no_telemetry()
    {
        using var file = new PEReader(File.OpenRead(ClientAssembly.Assembly.Location));
        var metadata = file.GetMetadataReader();
        var types = metadata.TypeReferences.Select(handle => metadata.GetString(metadata.GetTypeReference(handle).Name)).ToList();

        Assert.That(types, Has.Member("HttpClient").And.None.AnyOf(
            "Activity", "ActivitySource", "Console", "Debug", "DiagnosticSource", "EventSource", "ILogger", "Meter", "Trace", "TraceSource"));
    }

    [Test]
    public void Every_parameter_and_result_of_a_public_method_and_the_default_of_every_option_is_documented()
    {
        var missing =
            from type in ClientAssembly.PublicTypes
            from method in ClientAssembly.MembersOf(type).OfType<MethodBase>()
            let doc = ClientAssembly.DocsOf(method).Single()
            let names = doc.Elements("param").Where(param => param.Value.Trim().Length > 0).Select(param => param.Attribute("name")!.Value)
            from name in method.GetParameters().Select(parameter => parameter.Name!).Except(names)
                .Concat(method is MethodInfo { ReturnType: var result } && result != typeof(void) && doc.Element("returns") is null ? ["the result"] : [])
            select $"{type.Name}.{method.Name}: {name}";

        Assert.That(missing, Is.Empty);
        Assert.That(
            typeof(ChatsClientOptions).GetProperties().Where(option => !ClientAssembly.TextOf(option).Contains("efault")).Select(option => option.Name),
            Is.Empty);
    }
}
