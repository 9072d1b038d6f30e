using System.Text.Json;

namespace YandexMarket.Chats.Consumers.Tests;

/// <summary>What the Dockerfile of the tool puts into an image, published by its own command and started by its own words. No engine is
/// needed.</summary>
[Slow]
internal sealed class ImageTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(1);

    private static readonly string[] _dockerfile = [.. Repository.Read("src/Chats.Cli/Dockerfile").ReplaceLineEndings("\n").Split('\n')];

    [Test]
    public async Task The_tool_published_as_in_the_Dockerfile_starts_with_the_images_entry_point()
    {
        const string Publish = "#   dotnet ";
        var publish = _dockerfile.Single(line => line.StartsWith($"{Publish}publish ", StringComparison.Ordinal))[Publish.Length..].Split(' ');
        // With the version of the packages what the pack has built is up to date.
        var published = Feed.Clone.DotNet([.. publish, "--no-restore", "-p:RunAnalyzers=false", $"-p:Version={Feed.Version}"]);
        Assert.That(published.ExitCode, Is.Zero, published.Output);

        using var process = Start(Feed.Clone.PathOf(publish[^1]), [.. Words("ENTRYPOINT"), .. Words("CMD")]);
        var first = await process.StandardOutput.ReadLineAsync().WaitAsync(_timeout);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{first?["listening on ".Length..]}/v2/businesses/1/chats/message?chatId=2&messageId=1");
        request.Headers.Add("Api-Key", "demo-all");
        using var response = await http.SendAsync(request);
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(_timeout);

        Assert.That(_dockerfile, Has.One.EqualTo("USER $APP_UID"), "Not root.");
        Assert.That(await response.Content.ReadAsStringAsync(), Does.StartWith("{\"status\":\"OK\""));
        Assert.That(await process.StandardError.ReadToEndAsync(), Does.StartWith("chats: Warning: 0.0.0.0 can be reached"));
    }

    private static string[] Words(string instruction) => JsonSerializer.Deserialize<string[]>(
        _dockerfile.Single(line => line.StartsWith($"{instruction} ", StringComparison.Ordinal))[instruction.Length..])!;

    private static Process Start(string folder, string[] command)
    {
        // The image's port may be taken here, where it is not alone.
        var free = command.Select(word => word == "8080" ? "0" : word).ToArray();
        return Process.Start(new ProcessStartInfo(Path.Combine(EmulatorTool.DotNetRoot, free[0]), free[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
