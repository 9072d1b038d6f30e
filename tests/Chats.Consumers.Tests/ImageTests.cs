using System.Text.Json;

namespace YandexMarket.Chats.Consumers.Tests;

/// <summary>What the Dockerfile of the tool puts into an image, published by its own command and started by its own words. No engine is
/// needed.</summary>
[Slow]
internal sealed class ImageTests
{
    private static readonly string[] _dockerfile = [.. Repository.Read("src/Chats.Cli/Dockerfile").ReplaceLineEndings("\n").Split('\n')];

    [Test]
    public async Task The_tool_published_as_in_the_Dockerfile_starts_with_the_images_entry_point()
    {
        const string Publish = "#   dotnet ";
        var publish = _dockerfile.Single(line => line.StartsWith($"{Publish}publish ", StringComparison.Ordinal))[Publish.Length..].Split(' ');
        // With the version of the packages what the pack has built is up to date.
        Feed.Clone.DotNet([.. publish, "--no-restore", "-p:RunAnalyzers=false", $"-p:Version={Feed.Version}"]).Succeeded();

        // The image's port may be taken here, where it is not alone.
        var command = Words("ENTRYPOINT").Concat(Words("CMD")).Select(word => word == "8080" ? "0" : word).ToArray();
        string? text;
        Task<string> errors;
        var program = Path.Combine(EmulatorTool.DotNetRoot, command[0]);
        using (var emulator = new EmulatorTool(Feed.Clone.Folder.PathOf(publish[^1]), program, command[1..]))
        {
            (text, errors) = (await emulator.TextAsync(1), emulator.Errors);
        }

        Assert.That(_dockerfile, Has.One.EqualTo("USER $APP_UID"), "Not root.");
        Assert.That(text, Is.EqualTo("Hello! My parcel has arrived, but is this the right lamp?"));
        Assert.That(await errors, Does.StartWith("chats: Warning: 0.0.0.0 can be reached"));
    }

    private static string[] Words(string instruction) => JsonSerializer.Deserialize<string[]>(
        _dockerfile.Single(line => line.StartsWith($"{instruction} ", StringComparison.Ordinal))[instruction.Length..])!;
}
