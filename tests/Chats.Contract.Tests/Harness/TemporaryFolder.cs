namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>A folder that lives as long as a test needs it: empty, or with files of the repository, to build in.</summary>
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

    public void Change(string file, string find, string replacement) =>
        File.WriteAllText(PathOf(file), File.ReadAllText(PathOf(file)).Replace(find, replacement, StringComparison.Ordinal));

    /// <summary>Copies these folders and files of the repository, as a clone would have them, with the changes of the work tree.</summary>
    public void CopyFromRepository(params string[] paths)
    {
        foreach (var file in Repository.Files.Where(file => paths.Any(path => file == path || file.StartsWith($"{path}/", StringComparison.Ordinal))))
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(PathOf(file))!);
            File.Copy(Repository.PathOf(file), PathOf(file));
        }
    }

    /// <summary>Makes a repository of it, with one commit.</summary>
    public void Commit()
    {
        Git("init", "-q").Succeeded();
        Git("add", "-A").Succeeded();
        Git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "The work tree").Succeeded();
    }

    public CommandLine Git(params string[] arguments) => CommandLine.Run(Path, "git", arguments);

    public void Dispose() => Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
}
