namespace YandexMarket.Chats.Witnesses.Tests.Harness;

/// <summary>A witness's figures, one line: in the run's output, and in <c>artifacts/witnesses</c> for whoever prints them after it.</summary>
internal static class Report
{
    public static void Forget(string witness) => File.Delete(PathOf(witness));

    public static void Write(string witness, string line)
    {
        TestContext.Progress.WriteLine(line);
        File.WriteAllText(PathOf(witness), line + "\n");
    }

    private static string PathOf(string witness) =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "witnesses")).FullName, $"{witness}.txt");
}
