namespace YandexMarket.Chats.Witnesses.Tests.Harness;

/// <summary>A folder with a lock file, and the packages that npm puts there.</summary>
internal sealed class NpmFolder(string folder)
{
    public static NpmFolder Witnesses { get; } = new(Path.Combine(Repository.Root, "tests", "Chats.Witnesses.Tests", "npm"));

    private static readonly Lazy<Task> _installed = new(Witnesses.InstallAsync);

    public string Folder => folder;

    /// <summary>Whether npm was through with just this lock file.</summary>
    public bool IsInstalled => File.Exists(Stamp) && File.ReadAllText(Stamp) == File.ReadAllText(Lock);

    private string Lock => Path.Combine(folder, "package-lock.json");

    // The lock file as it was. A folder that npm was stopped in has none, since npm ci begins with an empty one.
    private string Stamp => Path.Combine(folder, "node_modules", ".installed-lock.json");

    /// <summary>Once for all tests of a run: the packages are there, or the tests fail with what npm said.</summary>
    public static Task InstalledAsync() => _installed.Value;

    public void MarkInstalled() => File.Copy(Lock, Stamp, overwrite: true);

    private async Task InstallAsync()
    {
        if (IsInstalled)
        {
            return;
        }

        await using var npm = ChildProcess.Start("npm ci", folder, Machine.Find("npm")!, "ci", "--ignore-scripts");
        await npm.SuccessAsync(Patience.Install);
        MarkInstalled();
    }
}
