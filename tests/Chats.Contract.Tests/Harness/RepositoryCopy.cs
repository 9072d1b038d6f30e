namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>A copy of the repository as a clone of it would be, with the changes of the work tree, to build in.</summary>
internal sealed class RepositoryCopy : IDisposable
{
    private readonly TemporaryFolder _folder;

    private RepositoryCopy(TemporaryFolder folder) => _folder = folder;

    public string PathOf(string relative) => _folder.PathOf(relative);

    /// <summary>Copies these folders and files; all of them if none is named.</summary>
    public static RepositoryCopy Make(string suffix = "", params string[] under)
    {
        var copy = new RepositoryCopy(new TemporaryFolder(suffix));
        bool IsWanted(string file) => under.Length == 0 || under.Any(path => file == path || file.StartsWith($"{path}/", StringComparison.Ordinal));
        foreach (var file in Repository.Files.Where(IsWanted))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(copy.PathOf(file))!);
            File.Copy(Repository.PathOf(file), copy.PathOf(file));
        }

        return copy;
    }

    public string Write(string relative, string text) => _folder.Write(relative, text);

    public void Change(string file, Func<string, string> change) => File.WriteAllText(PathOf(file), change(File.ReadAllText(PathOf(file))));

    public CommandLine DotNet(IEnumerable<string> arguments, Dictionary<string, string?>? environment = null) =>
        CommandLine.DotNet(_folder.Path, arguments, environment);

    public string Git(params string[] arguments) => CommandLine.Run(_folder.Path, "git", arguments).Output;

    /// <summary>Makes a repository of it, with one commit.</summary>
    public void Commit(string message)
    {
        Git("init", "-q");
        Git("add", "-A");
        Git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", message);
    }

    public void Dispose() => _folder.Dispose();
}
