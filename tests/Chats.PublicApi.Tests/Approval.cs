namespace YandexMarket.Chats.PublicApi.Tests;

/// <summary>A file in git that a test writes, so that a review sees what has changed.</summary>
internal static class Approval
{
    public static bool IsCheck => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Compares, and says what to do about a difference; a developer's run then writes the file.</summary>
    /// <param name="file">The file in git.</param>
    /// <param name="text">What it should hold.</param>
    /// <param name="isCheck">Whether the file is left alone.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Differs(string file, string text, bool isCheck)
    {
        var approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (approved == text)
        {
            return null;
        }

        var (old, now) = (approved.Split('\n'), text.Split('\n'));
        var difference = string.Join(
            '\n', [.. old.Except(now).Select(line => $"- {line}"), .. now.Except(old).Select(line => $"+ {line}")]);
        if (isCheck)
        {
            return $"""
                The library offers something else than {Path.GetFileName(file)} says. Run Chats.PublicApi.Tests on your machine, which
                writes the file; look at what consumers will see, and commit it.
                {difference}
                """;
        }

        File.WriteAllText(file, text);
        return $"""
            {Path.GetFileName(file)} has been written anew. If consumers are meant to see this, commit it; the next run passes.
            {difference}
            """;
    }
}
