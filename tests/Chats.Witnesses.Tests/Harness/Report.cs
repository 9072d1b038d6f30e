namespace YandexMarket.Chats.Witnesses.Tests.Harness;

/// <summary>
/// A witness's figures, or why it was not called, in one line. It goes to <c>artifacts/witnesses</c>, from where the build prints it when
/// the tests are through: the console of a run shows neither what its tests write nor why one was ignored.
/// </summary>
internal static class Report
{
    /// <summary>Starts a witness. If the machine lacks what it needs, that is the report.</summary>
    public static async Task<T> StartAsync<T>(string witness, Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (IgnoreException ignored)
        {
            Write($"{witness}.missing", ignored.Message);
            throw;
        }
    }

    public static void Figures(string witness, string line) => Write($"{witness}.txt", line);

    private static void Write(string file, string line)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "witnesses"));
        File.WriteAllText(Path.Combine(folder.FullName, file), line + "\n");
    }
}
