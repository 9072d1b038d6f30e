namespace YandexMarket.Chats.Testing;

/// <summary>The clone that the tests run in.</summary>
internal static class Repository
{
    private static readonly Lazy<IReadOnlyList<string>> _files = new(ListFiles);

    public static string Root { get; } = FindRoot();

    /// <summary>Every file that git knows or would take, with slashes.</summary>
    public static IReadOnlyList<string> Files => _files.Value;

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Chats.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder;
    }

    private static string[] ListFiles()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        })!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0
            ? [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(PathOf(file)))]
            : throw new InvalidOperationException("git cannot list the files of the repository.");
    }
}
