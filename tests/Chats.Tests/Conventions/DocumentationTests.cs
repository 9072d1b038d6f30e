using System.Reflection;

namespace YandexMarket.Chats.Tests.Conventions;

/// <summary>Every public member says what it is for, and the documented defaults are the true ones.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class DocumentationTests
{
    [Test]
    public void Every_parameter_and_every_result_of_a_public_method_is_documented()
    {
        var silent =
            from type in ClientAssembly.PublicTypes
            from method in ClientAssembly.MembersOf(type).OfType<MethodBase>()
            let doc = ClientAssembly.DocsOf(method).Single()
            let names = doc.Elements("param").Where(param => param.Value.Trim().Length > 0).Select(param => param.Attribute("name")!.Value)
            from missing in method.GetParameters().Select(parameter => parameter.Name!).Except(names)
                .Concat(method is MethodInfo { ReturnType: var result } && result != typeof(void) && doc.Element("returns") is null ? ["the result"] : [])
            select $"{type.Name}.{method.Name}: {missing}";

        Assert.That(silent, Is.Empty);
    }

    // The values themselves stand in OptionsTests; here nobody may add an option without both.
    [Test]
    public void No_option_is_without_its_words() =>
        Assert.That(
            typeof(ChatsClientOptions).GetProperties().Where(option => !ClientAssembly.TextOf(option).Contains("efault")).Select(option => option.Name),
            Is.Empty);

    [Test]
    public void The_exceptions_say_what_may_have_been_sent() =>
        Assert.That(
            ClientAssembly.TextOf(typeof(ChatsException).GetProperty(nameof(ChatsException.MayHaveBeenSent))!),
            Does.Contain("False if it is certain").And.Contain("Always false for a read"));
}
