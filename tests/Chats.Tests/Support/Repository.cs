using System.Runtime.CompilerServices;

namespace YandexMarket.Chats.Tests.Support;

/// <summary>The files of the repository, found from where this file was compiled.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot([CallerFilePath] string start = "")
    {
        // A deterministic build maps the path of the sources away; the test's own folder lies in the repository as well.
        var origin = File.Exists(start) ? Path.GetDirectoryName(start) : AppContext.BaseDirectory;
        for (var folder = new DirectoryInfo(origin!); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Chats.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests must run inside the repository: Chats.sln was not found above them.");
    }
}
