using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace YandexMarket.Chats.PublicApi.Tests;

/// <summary>A type or a member as C# declares it, nullability, names and defaults included, with the short names of types.</summary>
internal static class Declaration
{
    private static readonly SymbolDisplayFormat _whole = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters
            | SymbolDisplayGenericsOptions.IncludeTypeConstraints
            | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: SymbolDisplayMemberOptions.IncludeAccessibility
            | SymbolDisplayMemberOptions.IncludeConstantValue
            | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeType,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        extensionMethodStyle: SymbolDisplayExtensionMethodStyle.StaticMethod,
        parameterOptions: SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeExtensionThis
            | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeType,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeMemberKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral);

    private static readonly SymbolDisplayFormat _name = _whole.WithKindOptions(SymbolDisplayKindOptions.None);

    public static string NameOf(INamedTypeSymbol type) => type.ToDisplayString(_name);

    public static string OfMember(ISymbol member) => member.ToDisplayString(_whole);

    public static string OfType(INamedTypeSymbol type)
    {
        var isClass = type is { TypeKind: TypeKind.Class, IsStatic: false };
        var modifier = type.IsStatic ? "static " : isClass && type.IsAbstract ? "abstract " : isClass && type.IsSealed ? "sealed " : "";
        var parents = ParentsOf(type).Select(NameOf).ToList();
        var inherits = parents.Count == 0 ? "" : $" : {string.Join(", ", parents)}";
        return $"{SyntaxFacts.GetText(type.DeclaredAccessibility)} {modifier}{type.ToDisplayString(_whole)}{inherits}";
    }

    private static IEnumerable<INamedTypeSymbol> ParentsOf(INamedTypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Enum)
        {
            return [type.EnumUnderlyingType!];
        }

        var interfaces = type.Interfaces.Where(it => it.DeclaredAccessibility == Accessibility.Public).OrderBy(NameOf, StringComparer.Ordinal);
        return type is { TypeKind: TypeKind.Class, BaseType: { SpecialType: SpecialType.None } parent } ? interfaces.Prepend(parent) : interfaces;
    }
}
