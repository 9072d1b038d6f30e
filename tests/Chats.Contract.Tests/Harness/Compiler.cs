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

    private static readonly Lazy<CSharpCompilation> _handWritten = new(() => CSharpCompilation.Create(
        "YandexMarket.Chats", [.. Sources("src/Chats"), GlobalUsings()], References(), _options));

    /// <summary>Compiles a test of the client, with what such tests have at hand. What stops it fails the caller.</summary>
    public static byte[] CompileTest(CompiledClient client, string test)
    {
        string[] support =
        [
            "tests/Chats.Tests/Support/Clients.cs", "tests/Chats.Tests/Support/Canary.cs",
            "tests/Shared/ManualClock.cs", "tests/Shared/StubHandler.cs", "tests/Shared/Until.cs",
        ];
        var sources = support.Select(path => Parse(File.ReadAllText(Repository.PathOf(path)), path))
            .Append(Parse(test, "Test.cs")).Append(GlobalUsings(
                "NUnit.Framework", "System.Collections.Concurrent", "System.Net", "System.Text", "YandexMarket.Chats", "YandexMarket.Chats.Testing", "YandexMarket.Chats.Tests"));
        using var image = new MemoryStream();
        var options = _options.WithSpecificDiagnosticOptions([new("CS1591", ReportDiagnostic.Suppress)]); // As for all tests: their names say it.
        var result = CSharpCompilation.Create("Walkthrough", sources, [.. References(), client.Reference], options).Emit(image);
        Assert.That(result.Diagnostics.Where(IsError).Select(Words), Is.Empty);
        return image.ToArray();
    }

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

    private static IEnumerable<SyntaxTree> Sources(string project)
    {
        var folder = Repository.PathOf(project);
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar)[0] is not ("obj" or "bin"))
            .Select(path => Parse(File.ReadAllText(path), path));
    }

    private static SyntaxTree GlobalUsings(params string[] more) =>
        Parse(string.Concat(_implicitUsings.Concat(more).Select(name => $"global using {name};\n")), "Usings.cs");

    private static IEnumerable<MetadataReference> References() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => !Path.GetFileName(path).StartsWith("YandexMarket.", StringComparison.Ordinal))
        .Select(path => MetadataReference.CreateFromFile(path));

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(SourceText.From(text, Encoding.UTF8), _language, path);
}
