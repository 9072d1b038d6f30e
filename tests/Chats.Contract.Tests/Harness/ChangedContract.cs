namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>The real contract with changes. A change whose text is not found fails its test.</summary>
internal sealed class ChangedContract
{
    // Several tests ask one contract: it is generated and compiled once.
    private static readonly ConcurrentDictionary<string, Lazy<Generation>> _generated = new();
    private static readonly ConcurrentDictionary<string, Lazy<CompiledClient>> _compiled = new();

    private ChangedContract(string text) => Text = text;

    public static ChangedContract Unchanged { get; } = new(Repository.Read("openapi/chats.yaml"));

    public static ChangedContract Notifications { get; } = new(Repository.Read("openapi/notifications.yaml"));

    public string Text { get; }

    /// <summary>What the person who changed the contract gets to read, whether the generator or the compiler stops. Empty if neither does.</summary>
    public IReadOnlyList<string> Complaints => Generate().Written is null ? [Generate().Output] : Compile().Complaints;

    /// <summary>Replaces a text that occurs once.</summary>
    public ChangedContract With(string find, string replacement)
    {
        var first = Text.IndexOf(find, StringComparison.Ordinal);
        var second = first < 0 ? -1 : Text.IndexOf(find, first + 1, StringComparison.Ordinal);
        return first >= 0 && second < 0
            ? new ChangedContract(Text.Replace(find, replacement, StringComparison.Ordinal))
            : throw new InvalidOperationException($"The contract must contain this text exactly once: {find}");
    }

    /// <summary>Adds lines before a line that occurs once.</summary>
    public ChangedContract WithBefore(string find, string added) => With(find, added + find);

    /// <summary>Adds lines after a line that occurs once.</summary>
    public ChangedContract WithAfter(string find, string added) => With(find, find + added);

    /// <summary>One more parameter of getChatMessage, as a flow mapping: <c>name: x, in: query, …</c>.</summary>
    public ChangedContract WithParameter(string parameter) =>
        WithAfter("        - $ref: '#/components/parameters/messageId'\n", $"        - {{{parameter}}}\n");

    /// <summary>One more property of ChatMessagePayload.</summary>
    public ChangedContract WithProperty(string name, string schema) => WithBefore(
        "        name:\n          type: string\n          description: The name of the file.", $"        {name}: {schema}\n");

    /// <summary>Another quota of sendMessageToChat, or no line about it.</summary>
    public ChangedContract WithQuota(string line)
    {
        const string Parameters = "      parameters:\n        - $ref: '#/components/parameters/businessId'\n        - $ref: '#/components/parameters/chatId'\n      requestBody:\n";
        return With("      x-quota-per-hour: 1000\n" + Parameters, line + Parameters);
    }

    public ChangedContract WithSchema(string name, string schema) =>
        WithBefore("    ApiError:\n      type: object\n", $"    {name}: {schema}\n");

    /// <summary>One more property of the body of sendMessageToChat, required.</summary>
    public ChangedContract WithBodyMember(string name, string schema) => this
        .With(
            "      description: The body of sendMessageToChat.\n      required: [",
            $"      description: The body of sendMessageToChat.\n      required: [{name}, ")
        .WithAfter("          description: The text for the buyer.\n", $"        {name}: {schema}\n");

    public Generation Generate() => _generated.GetOrAdd(Text, text => new(() => Generator.Run(text))).Value;

    /// <summary>Generates and compiles. What stops either fails the test.</summary>
    public CompiledClient Compile() => _compiled.GetOrAdd(Text, _ => new(() => Compiler.Compile(Generate().Source))).Value;
}
