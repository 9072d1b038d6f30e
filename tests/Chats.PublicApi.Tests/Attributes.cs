using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace YandexMarket.Chats.PublicApi.Tests;

/// <summary>The attributes of a declaration that mean something to its users.</summary>
internal static class Attributes
{
    // What the compiler, the generator and the debugger leave for themselves.
    private static readonly string[] _quiet =
        ["System.CodeDom.Compiler", "System.Diagnostics", "System.Reflection", "System.Runtime.CompilerServices"];

    public static IEnumerable<string> Of(ISymbol symbol)
    {
        var ofParts = symbol is IMethodSymbol method
            ? method.Parameters.SelectMany(parameter => Words(parameter.GetAttributes(), $"{parameter.Name}: "))
                .Concat(Words(method.GetReturnTypeAttributes(), "return: "))
            : [];
        return Words(symbol.GetAttributes(), "").Concat(ofParts).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Words(IEnumerable<AttributeData> attributes, string target) =>
        attributes.Where(IsMeant).Select(attribute => target + Words(attribute));

    // Those of the analysis of nulls are internal where the framework lacks them.
    private static bool IsMeant(AttributeData attribute) => attribute.AttributeClass!.ContainingNamespace.ToDisplayString() switch
    {
        "System.Diagnostics.CodeAnalysis" => true,
        var space => attribute.AttributeClass.DeclaredAccessibility == Accessibility.Public && !_quiet.Contains(space),
    };

    private static string Words(AttributeData attribute)
    {
        var name = attribute.AttributeClass!.Name[..^"Attribute".Length];
        var arguments = attribute.ConstructorArguments
            .SelectMany(argument => argument.Kind == TypedConstantKind.Array ? [.. argument.Values] : new[] { argument })
            .Select(argument => argument.ToCSharpString())
            .Concat(attribute.NamedArguments.Select(argument => $"{argument.Key} = {argument.Value.ToCSharpString()}"))
            .ToList();
        return arguments.Count == 0 ? name : $"{name}({string.Join(", ", arguments)})";
    }
}
