using System.Text;
using Microsoft.CodeAnalysis;

namespace YandexMarket.Chats.PublicApi.Tests;

/// <summary>
/// The types of an assembly that others can see, with their members, one on a line, in an order that does not depend on the sources.
/// </summary>
internal sealed class ApiListing
{
    private readonly StringBuilder _text = new();

    public ApiListing(IAssemblySymbol assembly)
    {
        var spaces = TypesOf(assembly.GlobalNamespace).GroupBy(type => type.ContainingNamespace.ToDisplayString());
        foreach (var space in spaces.OrderBy(space => space.Key, StringComparer.Ordinal))
        {
            _text.Append($"namespace {space.Key}\n");
            foreach (var type in space.OrderBy(Declaration.NameOf, StringComparer.Ordinal))
            {
                Add(type);
            }

            _text.Append('\n');
        }
    }

    public override string ToString() => _text.ToString().TrimEnd('\n') + '\n';

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol parent) =>
        parent.GetMembers().SelectMany(member => member switch
        {
            INamespaceSymbol space => TypesOf(space),
            INamedTypeSymbol type when IsSeen(type) => TypesOf(type).Prepend(type),
            _ => [],
        });

    private void Add(INamedTypeSymbol type)
    {
        _text.Append('\n');
        AddAttributes(type, "");
        _text.Append(Declaration.OfType(type)).Append('\n');
        foreach (var member in MembersOf(type))
        {
            AddAttributes(member, "    ");
            _text.Append("    ").Append(Declaration.OfMember(member)).Append('\n');
        }
    }

    private void AddAttributes(ISymbol symbol, string indent)
    {
        foreach (var attribute in Attributes.Of(symbol))
        {
            _text.Append($"{indent}[{attribute}]\n");
        }
    }

    private static IEnumerable<ISymbol> MembersOf(INamedTypeSymbol type)
    {
        var members = type.GetMembers().Where(member => IsSeen(member) && IsWritten(member));
        return type.TypeKind switch
        {
            TypeKind.Delegate => [],
            // In the order of the sources, which is that of the values.
            TypeKind.Enum => members.Where(member => member is IFieldSymbol),
            _ => members.OrderBy(Rank)
                .ThenBy(member => member.Name, StringComparer.Ordinal)
                .ThenBy(Declaration.OfMember, StringComparer.Ordinal),
        };
    }

    private static bool IsSeen(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    /// <summary>Not the accessors, which their property or event shows, and not what the compiler writes for every record.</summary>
    private static bool IsWritten(ISymbol member) => member switch
    {
        INamedTypeSymbol => false,
        IMethodSymbol { AssociatedSymbol: not null } => false,
        IMethodSymbol { MethodKind: MethodKind.Constructor, ContainingType.TypeKind: TypeKind.Struct, Parameters.Length: 0 } => false,
        IPropertySymbol { ContainingType.IsRecord: true, Name: "EqualityContract" } => false,
        { ContainingType.IsRecord: true, Name: not "Deconstruct" } =>
            !member.GetAttributes().Any(attribute => attribute.AttributeClass!.Name == "CompilerGeneratedAttribute"),
        _ => true,
    };

    private static int Rank(ISymbol member) => member switch
    {
        IFieldSymbol => 0,
        IMethodSymbol { MethodKind: MethodKind.Constructor } => 1,
        IPropertySymbol => 2,
        IEventSymbol => 3,
        _ => 4,
    };
}
