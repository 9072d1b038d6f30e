using System.Collections.Immutable;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace YandexMarket.Chats.Consumers.Tests;

/// <summary>What a debugger finds: symbols that belong to the library, and in them the sources that nobody can fetch.</summary>
[Slow]
internal sealed class SymbolTests
{
    private static readonly Guid _embeddedSource = new("0e8a571b-6926-466e-b4ad-8ab04611f5fe");

    private static readonly string[] _libraries =
    [
        "YandexMarket.Chats/net10.0", "YandexMarket.Chats/net8.0", "YandexMarket.Chats/netstandard2.0", "YandexMarket.Chats.AspNetCore/net10.0",
        "YandexMarket.Chats.Emulator/net10.0", "YandexMarket.Chats.Hosting/net10.0", "YandexMarket.Chats.Hosting/net8.0",
        "YandexMarket.Chats.Hosting/netstandard2.0", "YandexMarket.Chats.Redis/net10.0", "YandexMarket.Chats.Responder/net10.0",
    ];

    [TestCaseSource(nameof(_libraries))]
    public void The_symbols_are_those_of_the_library_and_hold_every_source_that_is_not_in_git_without_a_path_of_this_machine(string library)
    {
        using var file = new PEReader(new MemoryStream(FileOf(library, ".dll", symbols: false)));
        var directory = file.ReadDebugDirectory();
        var id = file.ReadCodeViewDebugDirectoryData(directory.Single(entry => entry.Type == DebugDirectoryEntryType.CodeView)).Guid;
        using var symbols = MetadataReaderProvider.FromPortablePdbImage([.. FileOf(library, ".pdb", symbols: true)]);
        var reader = symbols.GetMetadataReader();
        var sources = SourcesOf(reader);
        var files = Feed.Commit.Git("ls-files", "-z").Split('\0').Select(file => $"/_/{file}").ToHashSet();

        Assert.That(new BlobContentId(reader.DebugMetadataHeader!.Id).Guid, Is.EqualTo(id));
        Assert.That(directory.Select(entry => entry.Type), Has.Member(DebugDirectoryEntryType.Reproducible));
        Assert.That(sources.Keys, Is.Not.Empty.And.All.StartsWith("/_/"));
        Assert.That(sources.Where(source => source.Value is null).Select(source => source.Key).Except(files), Is.Empty);
        if (library.StartsWith("YandexMarket.Chats/", StringComparison.Ordinal))
        {
            Assert.That(sources["/_/src/Chats/obj/Chats.g.cs"], Is.EqualTo(File.ReadAllText(Feed.Clone.PathOf("src/Chats/obj/Chats.g.cs"))));
        }
    }

    private static byte[] FileOf(string library, string extension, bool symbols)
    {
        var (id, framework) = library.Split('/') switch { var parts => (parts[0], parts[1]) };
        return Feed.Packages.Single(package => package.Id == id && package.IsSymbols == symbols).Files[$"lib/{framework}/{id}{extension}"];
    }

    /// <summary>The sources by their path; with their text, where it is embedded.</summary>
    private static Dictionary<string, string?> SourcesOf(MetadataReader reader) => reader.Documents.ToDictionary(
        document => reader.GetString(reader.GetDocument(document).Name),
        document => reader.GetCustomDebugInformation(document).Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == _embeddedSource)
            .Select(information => Unpacked(reader.GetBlobContent(information.Value))).SingleOrDefault());

    // Its length when unpacked, or zero if it is not packed; then the text.
    private static string Unpacked(ImmutableArray<byte> blob)
    {
        using var content = new MemoryStream([.. blob[4..]]);
        var isPacked = BitConverter.ToInt32([.. blob[..4]]) != 0;
        using Stream unpacked = isPacked ? new DeflateStream(content, CompressionMode.Decompress) : content;
        return new StreamReader(unpacked).ReadToEnd();
    }
}
