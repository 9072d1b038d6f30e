namespace YandexMarket.Chats.Benchmarks.Report;

internal static class Repository
{
    /// <summary>The folder of the solution above this program.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Chats.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The repository was not found above the program: say where to write with --output FOLDER.");
    }
}
