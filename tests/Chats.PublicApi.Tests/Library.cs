using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace YandexMarket.Chats.PublicApi.Tests;

/// <summary>A library as the build made it for one framework, and the listing of what it offers.</summary>
internal sealed record Library(string Project, string Framework)
{
    private static readonly string _configuration =
        typeof(Library).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(it => it.Key == "Configuration").Value!;

    public static IReadOnlyList<Library> All { get; } =
    [
        new("Chats", "net10.0"), new("Chats", "netstandard2.0"), new("Chats.Emulator", "net10.0"),
        new("Chats.Hosting", "net10.0"), new("Chats.Hosting", "netstandard2.0"),
    ];

    public string ListingFile => Path.Combine(Folder, $"PublicApi.{Framework}.txt");

    private string Folder => Path.Combine(Root(), "src", Project);

    public string Listing() => $"""
        # YandexMarket.{Project} for {Framework}: what its consumers can see. Written by Chats.PublicApi.Tests; not to be edited.

        {new ApiListing(Symbol())}
        """;

    /// <summary>The assembly as a compiler sees it.</summary>
    /// <param name="what">Only what consumers see, or what is internal and private, too.</param>
    public IAssemblySymbol Symbol(MetadataImportOptions what = MetadataImportOptions.Public)
    {
        var file = MetadataReference.CreateFromFile(Path.Combine(Folder, "bin", _configuration, Framework, $"YandexMarket.{Project}.dll"));
        // The build for netstandard2.0, too, is read as an application of .NET loads it.
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != $"YandexMarket.{Project}.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, metadataImportOptions: what);
        var compilation = CSharpCompilation.Create("Reader", references: references.Append(file), options: options);
        return (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(file)!;
    }

    public override string ToString() => $"{Project}, {Framework}";

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Chats.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder;
    }
}
