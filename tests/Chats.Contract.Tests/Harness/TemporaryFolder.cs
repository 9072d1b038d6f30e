namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>A folder that lives as long as a test needs it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <param name="suffix">The end of the name: a folder with a space in it, say.</param>
    public TemporaryFolder(string suffix = "") =>
        Path = Directory.CreateDirectory(Directory.CreateTempSubdirectory("chats-").FullName + "/here" + suffix).FullName;

    public string Path { get; }

    public string PathOf(string relative) => System.IO.Path.Combine(Path, relative);

    public string Write(string relative, string text)
    {
        var path = PathOf(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
}
