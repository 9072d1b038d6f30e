using System.Reflection;
using System.Runtime.Loader;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace YandexMarket.Chats.Hosting.Tests.Mutants;

/// <summary>Chats.Hosting with a rule broken, compiled as for net10.0 and loaded with these tests apart from the real one.</summary>
internal sealed class BrokenHosting(byte[] image) : AssemblyLoadContext("mutant", isCollectible: true)
{
    private const string AssemblyName = "YandexMarket.Chats.Hosting";

    private static readonly CSharpParseOptions _language = new(
        LanguageVersion.CSharp14, preprocessorSymbols: ["NET", "NET8_0_OR_GREATER", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER"]);

    private static readonly string[] _usings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
        "YandexMarket.Chats.Wire",
    ];

    private static readonly System.Reflection.AssemblyName _tests = typeof(BrokenHosting).Assembly.GetName();

    private static readonly Lazy<CSharpCompilation> _whole = new(Whole);

    private static string Folder => Path.Combine(Repository.Root, "src", "Chats.Hosting");

    public static BrokenHosting With(IEnumerable<Edit> edits)
    {
        var compilation = _whole.Value;
        foreach (var file in edits.GroupBy(edit => edit.File))
        {
            var path = Path.Combine(Folder, file.Key);
            var source = file.Aggregate(File.ReadAllText(path), Break);
            compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.Single(tree => tree.FilePath == path), Parse(source, path));
        }

        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.That(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error), Is.Empty);
        return new BrokenHosting(image.ToArray());
    }

    /// <summary>A type of these tests, whose Chats.Hosting is the broken one.</summary>
    public Type Type(string name) => LoadFromAssemblyPath(typeof(BrokenHosting).Assembly.Location).GetType(name, throwOnError: true)!;

    protected override Assembly? Load(System.Reflection.AssemblyName name) =>
        name.Name == AssemblyName ? LoadFromStream(new MemoryStream(image)) : null;

    private static string Break(string source, Edit edit)
    {
        Assert.That(source.Split(edit.Words), Has.Length.EqualTo(2), $"{edit.File} must hold this once: {edit.Words}");
        return source.Replace(edit.Words, edit.Broken, StringComparison.Ordinal);
    }

    private static CSharpCompilation Whole()
    {
        var sources = Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetRelativePath(Folder, path).Split(Path.DirectorySeparatorChar)[0] is not ("obj" or "bin"))
            .Concat(Linked())
            .Select(path => Parse(File.ReadAllText(path), path))
            .ToList();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != AssemblyName + ".dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable);
        return CSharpCompilation.Create(AssemblyName, [.. sources, Rest(sources)], references, options);
    }

    /// <summary>The files of the client that the project compiles as its own.</summary>
    private static IEnumerable<string> Linked() =>
        XDocument.Load(Path.Combine(Folder, "Chats.Hosting.csproj")).Descendants("Compile")
            .SelectMany(item => item.Attribute("Include")!.Value.Split(';'))
            .Select(path => Path.GetFullPath(Path.Combine(Folder, path)));

    /// <summary>What the build adds: usings, the friend, and bodies for the methods of the log, which no mutant needs to do anything.</summary>
    private static SyntaxTree Rest(IEnumerable<SyntaxTree> sources)
    {
        var bodies = sources.SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>())
            .Where(method => method.Modifiers.Any(SyntaxKind.PartialKeyword) && method.Body is null && method.ExpressionBody is null)
            .Select(method => $"{method.Modifiers} {method.ReturnType} {method.Identifier}{method.ParameterList} {{ }}");
        var usings = string.Concat(_usings.Select(name => $"global using {name};\n"));
        return Parse(
            $$"""
            {{usings}}
            [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("{{_tests.Name}}, PublicKey={{Convert.ToHexString(_tests.GetPublicKey()!)}}")]
            namespace {{AssemblyName}} { partial class ChatsLog { {{string.Join('\n', bodies)}} } }
            """,
            "Rest.cs");
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, _language, path, System.Text.Encoding.UTF8);
}
