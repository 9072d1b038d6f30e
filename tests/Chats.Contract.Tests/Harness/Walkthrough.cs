namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>The section of CONTRIBUTING.md that adds an operation: its blocks, put where it says.</summary>
internal static class Walkthrough
{
    private static readonly IReadOnlyList<MarkdownPage.Block> _blocks =
        [.. new MarkdownPage("CONTRIBUTING.md", File.ReadAllText(Repository.PathOf("CONTRIBUTING.md"))).Blocks.Where(block => block.Section == "Adding an operation")];

    /// <summary>Their languages: a block that is added here must be used here.</summary>
    public static IEnumerable<string> Languages => _blocks.Select(block => block.Language);

    /// <summary>Steps 1 and 2: the path above the components, the schemas above ApiError.</summary>
    public static ChangedContract Contract { get; } = ChangedContract.Unchanged
        .WithBefore("components:\n  securitySchemes:\n", _blocks[0].Text + "\n")
        .WithBefore("    ApiError:\n      type: object\n", _blocks[1].Text + "\n");

    public static CompiledClient Client => _client.Value;

    /// <summary>Step 5: the test.</summary>
    public static string Test => _blocks[2].Text;

    private static readonly Lazy<CompiledClient> _client = new(() => Contract.Compile());
}
