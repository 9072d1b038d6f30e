using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>Compiles a generated file together with the hand-written part of the client, as the build does for net10.0, in memory.</summary>
internal static class Compiler
{
    private static readonly CSharpParseOptions _language = new CSharpParseOptions(
            LanguageVersion.CSharp14,
            DocumentationMode.Diagnose,
            preprocessorSymbols: ["NET", "NET8_0_OR_GREATER", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER"])
        .WithFeatures([new("strict", "true")]);

    private static readonly CSharpCompilationOptions _options = new(
        OutputKind.DynamicallyLinkedLibrary,
        nullableContextOptions: NullableContextOptions.Enable,
        generalDiagnosticOption: ReportDiagnostic.Error);

    private static readonly string[] _implicitUsings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
    ];

    private static readonly Lazy<CSharpCompilation> _handWritten = new(HandWritten);

    public static CompiledClient Compile(string generated)
    {
        var tree = Parse(generated, "Chats.g.cs");
        // Those are the #error lines of the templates. What the compiler makes of the rest is of no interest then.
        var refusals = tree.GetDiagnostics().Where(IsError).ToList();
        if (refusals.Count > 0)
        {
            return new CompiledClient([.. refusals.Select(Words)], [], []);
        }

        var compilation = _handWritten.Value.AddSyntaxTrees(tree);
        using var image = new MemoryStream();
        using var docs = new MemoryStream();
        var result = compilation.Emit(image, xmlDocumentationStream: docs);
        return new CompiledClient([.. result.Diagnostics.Where(IsError).Select(Words)], image.ToArray(), docs.ToArray());
    }

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    private static string Words(Diagnostic diagnostic) => $"{diagnostic.Id}: {diagnostic.GetMessage(null)}";

    private static CSharpCompilation HandWritten()
    {
        var folder = Repository.PathOf("src/Chats");
        var sources = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar)[0] is not ("obj" or "bin"))
            .Select(path => Parse(File.ReadAllText(path), path))
            .Append(Parse(string.Concat(_implicitUsings.Select(name => $"global using {name};\n")), "Usings.cs"));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != "YandexMarket.Chats.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create("YandexMarket.Chats", sources, references, _options);
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(
        SourceText.From(text, System.Text.Encoding.UTF8),
        _language,
        path);
}
