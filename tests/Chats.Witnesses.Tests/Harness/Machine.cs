namespace YandexMarket.Chats.Witnesses.Tests.Harness;

/// <summary>What the machine has for the witnesses.</summary>
internal static class Machine
{
    private static readonly string[] _endings = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];

    /// <summary>Fails where a program is missing, and names it.</summary>
    public static void Require(string tests, params string[] programs)
    {
        var missing = programs.Where(program => Find(program) is null).ToList();
        Assert.That(missing, Is.Empty, $"The tests with {tests} need Node.js 20 or later with npm on the PATH.");
    }

    /// <summary>The whole path of a program, or null.</summary>
    public static string? Find(string program) =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
         from ending in _endings
         let file = Path.Combine(folder, program + ending)
         where File.Exists(file)
         select file).FirstOrDefault();
}
