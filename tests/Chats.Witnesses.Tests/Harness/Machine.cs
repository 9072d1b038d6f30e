namespace YandexMarket.Chats.Witnesses.Tests.Harness;

/// <summary>What the machine has for the witnesses.</summary>
/// <param name="path">The variable PATH.</param>
/// <param name="ci">The variable CI.</param>
internal sealed class Machine(string? path, string? ci)
{
    private static readonly string[] _endings = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];

    public static Machine This { get; } = new(Environment.GetEnvironmentVariable("PATH"), Environment.GetEnvironmentVariable("CI"));

    /// <summary>
    /// Where a program is missing, a developer's run goes on without the tests that need it and says which and why; with CI=true that is
    /// a failure.
    /// </summary>
    public void Require(string tests, params string[] programs)
    {
        var missing = programs.Where(program => Find(program) is null).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var reason = $"The tests with {tests} did not run: not on the PATH: {string.Join(", ", missing)}. "
            + "They need Node.js 20 or later with npm.";
        if (string.Equals(ci, "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(reason);
        }

        Assert.Ignore(reason);
    }

    /// <summary>The whole path of a program, or null.</summary>
    public string? Find(string program) =>
        (from folder in (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         from ending in _endings
         let file = Path.Combine(folder, program + ending)
         where File.Exists(file)
         select file).FirstOrDefault();
}
