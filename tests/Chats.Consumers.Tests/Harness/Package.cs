using System.IO.Compression;

namespace YandexMarket.Chats.Consumers.Tests.Harness;

internal sealed class Package
{
    private readonly XElement _metadata;

    private Package(string path)
    {
        FileName = Path.GetFileName(path);
        using var zip = ZipFile.OpenRead(path);
        Files = zip.Entries.ToDictionary(entry => entry.FullName, Read);
        var nuspec = XDocument.Parse(Text(Files.Keys.Single(name => name.EndsWith(".nuspec", StringComparison.Ordinal))));
        _metadata = nuspec.Root!.Elements().Single();
        Id = Value("id")!;
    }

    public string FileName { get; }

    public string Id { get; }

    public bool IsSymbols => FileName.EndsWith(".snupkg", StringComparison.Ordinal);

    /// <summary>The content by its path.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; }

    /// <summary>The packages that are there to be referred to.</summary>
    public static IEnumerable<Package> Libraries =>
        Feed.Packages.Where(package => !package.IsSymbols && !package.Elements("packageType").Any());

    public static Package Of(string id) => Feed.Packages.Single(package => package.Id == id && !package.IsSymbols);

    public static IReadOnlyList<Package> ReadAll(string folder) =>
        [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(path => new Package(path))];

    public string? Value(string name) => Elements(name).SingleOrDefault()?.Value;

    /// <summary>All elements of this name, whatever the nuspec's namespace.</summary>
    public IEnumerable<XElement> Elements(string name) => _metadata.Descendants().Where(element => element.Name.LocalName == name);

    public string Text(string path) => new StreamReader(new MemoryStream(Files[path])).ReadToEnd();

    public override string ToString() => FileName;

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
