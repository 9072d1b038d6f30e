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
        $"The address of the service, with its version. [default: {new ChatsClientOptions().BaseAddress}]",
        "an absolute URI, such as https://host/v2/",
        (text, out address) => Uri.TryCreate(text, UriKind.Absolute, out address));

    private readonly Option<bool> _allowInsecureHttp = new("--allow-insecure-http")
    {
        Description = "Allow http to other machines, in a test network: the key and the texts are then sent unencrypted.",
    };

    private readonly CheckedOption<double?> _timeout = CreateSeconds(
        "--timeout", $"How long the whole call may take, in seconds. [default: {new ChatsClientOptions().Timeout.TotalSeconds:0}]");

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

    public static CheckedOption<double?> CreateSeconds(string name, string description) => new(
        name,
        "SECONDS",
        description,
        "a number of seconds, at least 0.001 and at most 86400 (one day)",
        (text, out value) =>
        {
            var isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds);
            value = seconds;
            return isNumber && seconds is >= 0.001 and <= 86400;
        });

    /// <summary>A command with these options and one more, after the ids.</summary>
    public Command CreateCommand(string name, string description, Option third) =>
        new(name, description) { Business, Chat, third, _baseAddress, _allowInsecureHttp, _timeout, _keyStdin, _json };

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public ChatsClientOptions ToClientOptions(ParseResult parsed, string? key)
    {
        var options = new ChatsClientOptions { ApiKey = key };
        options.BaseAddress = parsed.GetValue(_baseAddress) ?? options.BaseAddress;
        options.AllowInsecureHttp = parsed.GetValue(_allowInsecureHttp);
        options.Timeout = parsed.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : options.Timeout;
        return options;
    }

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
