namespace YandexMarket.Chats.Witnesses.Tests.Harness;

/// <summary>The folder with the lock file, and the packages that npm puts there.</summary>
internal static class NpmFolder
{
    private static readonly Lazy<Task> _installed = new(InstallAsync);

    public static string Folder { get; } = Repository.PathOf("tests/Chats.Witnesses.Tests/npm");

    /// <summary>Once for all tests of a run: the packages are there, or the tests fail with what npm said.</summary>
    public static Task InstalledAsync() => _installed.Value;

    private static async Task InstallAsync()
    {
        // The lock file as it was when npm was through: a folder that npm was stopped in has no copy of it, since npm ci begins with an empty one.
        var (wanted, installed) = (Path.Combine(Folder, "package-lock.json"), Path.Combine(Folder, "node_modules", ".installed-lock.json"));
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == await File.ReadAllTextAsync(wanted))
        {
            return;
        }

        await using var npm = ChildProcess.Start("npm ci", Folder, Machine.Find("npm")!, "ci", "--ignore-scripts");
        await npm.SuccessAsync(Patience.Install);
        File.Copy(wanted, installed, overwrite: true);
    }
}
