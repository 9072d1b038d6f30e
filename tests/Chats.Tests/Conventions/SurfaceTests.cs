using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace YandexMarket.Chats.Tests.Conventions;

/// <summary>The shape of the public API and its documentation, and what the assembly does not use.</summary>
public sealed class SurfaceTests
{
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
