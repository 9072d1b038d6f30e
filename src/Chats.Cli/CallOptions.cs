using System.CommandLine;
using System.Globalization;

namespace YandexMarket.Chats.Cli;

/// <summary>What <c>get</c>, <c>send</c> and <c>doctor</c> have in common. The client checks the bounds: it has them from the contract.</summary>
internal sealed class CallOptions
{
    public const string KeyVariable = "CHATS_API_KEY";

    private readonly CheckedOption<Uri> _baseAddress = new(
        "--base-address",
        "URI",
        "The address of the service, with its version.",
        "an absolute URI, such as https://host/v2/",
        (text, out address) => Uri.TryCreate(text, UriKind.Absolute, out address))
    {
        DefaultValueFactory = _ => new ChatsClientOptions().BaseAddress,
    };

    private readonly Option<bool> _allowInsecureHttp = new("--allow-insecure-http")
    {
        Description = "Allow http to other machines, in a test network: the key and the texts are then sent unencrypted.",
    };

    private readonly CheckedOption<double> _timeout = CreateSeconds(
        "--timeout", "How long the whole call may take, in seconds.", new ChatsClientOptions().Timeout.TotalSeconds);

    private readonly Option<bool> _keyStdin = new("--key-stdin")
    {
        Description = $"Read the key from the first line of standard input instead of {KeyVariable}.",
    };

    private readonly Option<bool> _json = CreateJson();

    public CheckedOption<long> Business { get; } = CreateNumber("--business", "The id of the business (cabinet).");

    public CheckedOption<long> Chat { get; } = CreateNumber("--chat", "The id of the chat.");

    public static Option<bool> CreateJson() => new("--json") { Description = "Print one JSON document, even on failure." };

    public static CheckedOption<long> CreateNumber(string name, string description) => new(
        name,
        "N",
        description,
        "a whole number",
        (text, out number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
    {
        Required = true,
    };

    public static CheckedOption<double> CreateSeconds(string name, string description, double? byDefault = null) => new(
        name,
        "SECONDS",
        description,
        "a number of seconds, at least 0.001 and at most 86400 (one day)",
        (text, out seconds) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds)
            && seconds is >= 0.001 and <= 86400)
    {
        DefaultValueFactory = byDefault is { } given ? _ => given : null,
    };

    /// <summary>A command with these options and one more, after the ids, that prints its outcome.</summary>
    public Command CreateCommand(
        string name, string description, Option third, Shell shell, Func<ParseResult, CancellationToken, Task<Outcome>> runAsync)
    {
        var command = new Command(name, description) { Business, Chat, third, _baseAddress, _allowInsecureHttp, _timeout, _keyStdin, _json };
        command.SetAction(async (parsed, cancellationToken) => (await runAsync(parsed, cancellationToken)).Report(shell, parsed.GetValue(_json)));
        return command;
    }

    public ChatsClientOptions ToClientOptions(ParseResult parsed, string key) => new()
    {
        ApiKey = key,
        BaseAddress = parsed.GetRequiredValue(_baseAddress),
        AllowInsecureHttp = parsed.GetValue(_allowInsecureHttp),
        Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
    };

    /// <summary>Never from an argument: every user of the machine sees those, and a shell's history keeps them.</summary>
    /// <exception cref="UsageException">There is no key.</exception>
    public async Task<string> ReadKeyAsync(Shell shell, ParseResult parsed, CancellationToken cancellationToken)
    {
        var isInput = parsed.GetValue(_keyStdin);
        if (isInput && shell.InputIsTerminal)
        {
            throw new UsageException(
                $"--key-stdin needs redirected input (chats … --key-stdin < key.txt), since a typed key would be visible. Or set {KeyVariable}.");
        }

        shell.Key = isInput
            ? await shell.ReadAsync(shell.In.ReadLine, $"the key on standard input; or set {KeyVariable}", cancellationToken)
            : shell.Environment(KeyVariable);
        return !string.IsNullOrEmpty(shell.Key) ? shell.Key : throw new UsageException(isInput
            ? "The first line of standard input is empty; with --key-stdin it must be the key."
            : $"There is no key. Set the environment variable {KeyVariable}, or pass the key as the first line of standard input with " +
                "--key-stdin (an argument would be visible to others). To try the tool without a key: chats demo");
    }

    /// <summary>Reads the key and creates a client.</summary>
    public async Task<ChatsClient> ConnectAsync(Shell shell, ParseResult parsed, CancellationToken cancellationToken) =>
        new(ToClientOptions(parsed, await ReadKeyAsync(shell, parsed, cancellationToken)));
}
