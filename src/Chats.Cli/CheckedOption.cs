using System.CommandLine;

namespace YandexMarket.Chats.Cli;

/// <summary>An option with a value. Its error message does not quote the value, which could be a key.</summary>
internal sealed class CheckedOption<T> : Option<T>
{
    public CheckedOption(string name, string helpName, string description, string requirement, TryParse parse)
        : base(name)
    {
        (HelpName, Description) = (helpName, description);
        CustomParser = result =>
        {
            if (!parse(result.Tokens[0].Value, out var value))
            {
                result.AddError($"{name} requires {requirement}.");
            }

            return value;
        };
    }

    public delegate bool TryParse(string text, out T? value);
}
