using System.CommandLine;
using System.Globalization;

namespace YandexMarket.Chats.Cli;

/// <summary>The options that <c>get</c>, <c>send</c> and <c>doctor</c> share. Bounds are the client's to check: it has them from the contract.</summary>
internal sealed class CallOptions
{
    public const string JsonName = "--json";

    private readonly Option<Uri?> _baseAddress = new("--base-address")
    {
        HelpName = "URI",
        Description = $"The address of the service, with its version. [default: {new ChatsClientOptions().BaseAddress}]",
        CustomParser = result =>
        {
            if (!Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address))
            {
                result.AddError("--base-address needs a whole address, such as https://host/v2/.");
            }

            return address;
        },
    };

    private readonly Option<bool> _allowInsecureHttp = new("--allow-insecure-http")
    {
        Description = "Allow http for addresses other than this machine, in a test network: key and texts are readable on the way.",
    };

    private readonly Option<double?> _timeout = new("--timeout")
    {
        HelpName = "SECONDS",
        Description = $"How long the whole call may take. [default: {new ChatsClientOptions().Timeout.TotalSeconds:0}]",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds);
            if (!isNumber || seconds is not (> 0 and <= 86400))
            {
                result.AddError("--timeout needs seconds, more than 0 and at most 86400 (a day).");
            }

            return seconds;
        },
    };

    private readonly Option<bool> _keyStdin = new("--key-stdin")
    {
        Description = $"Take the key from the first line of standard input, and not from {ApiKey.Variable}.",
    };

    private readonly Option<bool> _json = CreateJson();

    public Option<long> Business { get; } = CreateNumber("--business", "The number of the business (cabinet).");

    public Option<long> Chat { get; } = CreateNumber("--chat", "The number of the chat.");

    public static Option<bool> CreateJson() => new(JsonName) { Description = "Print one JSON document, of failures too, for a script." };

    public static Option<long> CreateNumber(string name, string description) => new(name)
    {
        Required = true,
        HelpName = "N",
        Description = description,
        CustomParser = result =>
        {
            if (!long.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                result.AddError($"{name} needs a whole number.");
            }

            return number;
        },
    };

    public void AddTo(Command command)
    {
        command.Add(Business);
        command.Add(Chat);
        command.Add(_baseAddress);
        command.Add(_allowInsecureHttp);
        command.Add(_timeout);
        command.Add(_keyStdin);
        command.Add(_json);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public bool IsKeyFromInput(ParseResult parsed) => parsed.GetValue(_keyStdin);

    public ChatsClientOptions ToClientOptions(ParseResult parsed, string? key)
    {
        var options = new ChatsClientOptions { ApiKey = key };
        options.BaseAddress = parsed.GetValue(_baseAddress) ?? options.BaseAddress;
        options.AllowInsecureHttp = parsed.GetValue(_allowInsecureHttp);
        options.Timeout = parsed.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : options.Timeout;
        return options;
    }
}
