using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace YandexMarket.Chats.PublicApi.Tests;

/// <summary>The types of an assembly that others can see, with their members, one on a line, in an order that does not depend on the sources.</summary>
internal sealed class ApiListing
{
    private static readonly SymbolDisplayFormat _member = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeType,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        extensionMethodStyle: SymbolDisplayExtensionMethodStyle.StaticMethod,
        parameterOptions: SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeExtensionThis | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeType,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeMemberKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral);

    private static readonly SymbolDisplayFormat _reference = _member.WithKindOptions(SymbolDisplayKindOptions.None);

    // What the compiler and the generator leave for themselves, and no consumer sees.
    private static readonly string[] _quiet =
        ["System.CodeDom.Compiler", "System.Diagnostics", "System.Reflection", "System.Runtime.CompilerServices"];

    private readonly StringBuilder _text = new();

    public ApiListing(IAssemblySymbol assembly)
    {
        foreach (var space in TypesOf(assembly.GlobalNamespace).GroupBy(type => type.ContainingNamespace.ToDisplayString()).OrderBy(space => space.Key, StringComparer.Ordinal))
        {
            _text.Append($"namespace {space.Key}\n");
            foreach (var type in space.OrderBy(type => type.ToDisplayString(_reference), StringComparer.Ordinal))
            {
                Add(type);
            }

            _text.Append('\n');
        }
    }

    public override string ToString() => _text.ToString().TrimEnd('\n') + '\n';

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol parent) => parent.GetMembers().SelectMany(member => member switch
    {
        INamespaceSymbol space => TypesOf(space),
        INamedTypeSymbol type when IsSeen(type) => TypesOf(type).Prepend(type),
        _ => [],
    });

    private static bool IsSeen(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private void Add(INamedTypeSymbol type)
    {
        _text.Append('\n');
        AddAttributes(type, "");
        _text.Append(Head(type)).Append('\n');
        if (type.TypeKind == TypeKind.Delegate)
        {
            return;
        }

        // Those of an enum stay in the order of the sources.
        var members = type.GetMembers().Where(member => IsSeen(member) && IsWritten(member));
        foreach (var member in type.TypeKind == TypeKind.Enum ? members.Where(member => member is IFieldSymbol) : members.OrderBy(Rank).ThenBy(member => member.Name, StringComparer.Ordinal).ThenBy(Line, StringComparer.Ordinal))
        {
            AddAttributes(member, "    ");
            _text.Append("    ").Append(Line(member)).Append('\n');
        }
    }

    private static string Head(INamedTypeSymbol type)
    {
        var words = new[]
        {
            SyntaxFacts.GetText(type.DeclaredAccessibility),
            type.IsStatic ? "static" : "",
            type is { IsAbstract: true, TypeKind: TypeKind.Class, IsStatic: false } ? "abstract" : "",
            type is { IsSealed: true, TypeKind: TypeKind.Class, IsStatic: false } ? "sealed" : "",
            type.ToDisplayString(_member),
        };
        var bases = type.TypeKind == TypeKind.Enum
            ? [type.EnumUnderlyingType!]
            : type.Interfaces.OrderBy(it => it.ToDisplayString(_reference), StringComparer.Ordinal).Where(IsSeen)
                .Prepend(type.BaseType is { SpecialType: SpecialType.None } parent && type.TypeKind == TypeKind.Class ? parent : null).OfType<INamedTypeSymbol>().ToArray();
        var inherits = bases.Length == 0 ? "" : $" : {string.Join(", ", bases.Select(it => it.ToDisplayString(_reference)))}";
        return string.Join(' ', words.Where(word => word.Length > 0)) + inherits;
    }

    /// <summary>Not the accessors, which their property or event shows, and not what the compiler writes for every record.</summary>
    private static bool IsWritten(ISymbol member) => member switch
    {
        INamedTypeSymbol => false,
        IMethodSymbol { AssociatedSymbol: not null } => false,
        IMethodSymbol { MethodKind: MethodKind.Constructor, ContainingType.TypeKind: TypeKind.Struct, Parameters.Length: 0 } => false,
        { ContainingType.IsRecord: true, Name: not "Deconstruct" } => !member.GetAttributes().Any(it => it.AttributeClass!.Name == "CompilerGeneratedAttribute")
            && member is not IPropertySymbol { Name: "EqualityContract" },
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

    private static string Line(ISymbol member) => member.ToDisplayString(_member);

    private void AddAttributes(ISymbol symbol, string indent)
    {
        var own = symbol.GetAttributes().Select(attribute => (Target: "", attribute));
        var others = symbol is IMethodSymbol method
            ? method.GetReturnTypeAttributes().Select(attribute => (Target: "return: ", attribute)).Concat(
                method.Parameters.SelectMany(parameter => parameter.GetAttributes().Select(attribute => (Target: $"{parameter.Name}: ", attribute))))
            : [];
        foreach (var line in own.Concat(others).Where(it => !IsQuiet(it.attribute)).Select(it => $"{indent}[{it.Target}{Words(it.attribute)}]\n").Order(StringComparer.Ordinal))
        {
            _text.Append(line);
        }
    }

    private static bool IsQuiet(AttributeData attribute) =>
        !IsSeen(attribute.AttributeClass!) && attribute.AttributeClass!.ContainingNamespace.ToDisplayString() != "System.Diagnostics.CodeAnalysis"
        || _quiet.Contains(attribute.AttributeClass!.ContainingNamespace.ToDisplayString());

    private static string Words(AttributeData attribute)
    {
        var arguments = attribute.ConstructorArguments.SelectMany(argument => argument.Kind == TypedConstantKind.Array ? [.. argument.Values] : new[] { argument })
            .Select(argument => argument.ToCSharpString())
            .Concat(attribute.NamedArguments.Select(argument => $"{argument.Key} = {argument.Value.ToCSharpString()}"));
        var name = attribute.AttributeClass!.Name;
        return $"{name[..^"Attribute".Length]}({string.Join(", ", arguments)})".Replace("()", "", StringComparison.Ordinal);
    }
}
