namespace YandexMarket.Chats.Testing;

/// <summary>A page of the repository that a test generates.</summary>
internal static class GeneratedPage
{
    private static string Command =>
        $"CHATS_UPDATE_DOCS=1 dotnet test tests/{typeof(GeneratedPage).Assembly.GetName().Name!["YandexMarket.".Length..]} --filter {TestContext.CurrentContext.Test.ClassName!.Split('.')[^1]}";

    /// <summary>Compares the committed page with its text, or writes it if CHATS_UPDATE_DOCS is 1 and CI is not true.</summary>
    public static void Check(string path, string text)
    {
        if (Environment.GetEnvironmentVariable("CHATS_UPDATE_DOCS") == "1" && Environment.GetEnvironmentVariable("CI") != "true")
        {
            File.WriteAllText(Repository.PathOf(path), text);
            return;
        }

        Assert.That(Repository.Read(path).ReplaceLineEndings("\n"), Is.EqualTo(text), $"{path} is out of date: {Command}");
    }
}
