using Microsoft.CodeAnalysis;

namespace YandexMarket.Chats.PublicApi.Tests;

/// <summary>The client says that it can be trimmed, and keeps nothing from those who check that.</summary>
public sealed class TrimmingTests
{
    private static readonly IAssemblySymbol _client =
        Library.All.Single(library => library is { Project: "Chats", Framework: "net10.0" }).Symbol(MetadataImportOptions.All);

    [Test]
    public void The_client_says_that_it_can_be_trimmed()
    {
        var metadata = _client.GetAttributes().Where(attribute => attribute.AttributeClass!.Name == "AssemblyMetadataAttribute");

        Assert.That(
            metadata.Select(attribute => string.Join('=', attribute.ConstructorArguments.Select(argument => argument.Value))),
            Has.Member("IsTrimmable=True"));
    }

    [Test]
    public void Nothing_is_hidden_from_the_analyzers_of_trimming_and_of_native_compilation()
    {
        var attributes = SymbolsOf(_client.GlobalNamespace).Prepend(_client)
            .SelectMany(symbol => symbol.GetAttributes()).Select(attribute => attribute.AttributeClass!.Name).ToHashSet();

        Assert.That(attributes, Has.Member("RequiredScopesAttribute"), "They are looked at.");
        Assert.That(
            attributes,
            Has.None.AnyOf("UnconditionalSuppressMessageAttribute", "RequiresUnreferencedCodeAttribute", "RequiresDynamicCodeAttribute"));
    }

    private static IEnumerable<ISymbol> SymbolsOf(INamespaceOrTypeSymbol parent) =>
        parent.GetMembers().SelectMany(member => member is INamespaceOrTypeSymbol inner ? SymbolsOf(inner).Prepend(member) : [member]);
}
