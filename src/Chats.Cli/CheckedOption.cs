using System.CommandLine;

namespace YandexMarket.Chats.Cli;

/// <summary>An option with a value. What is wrong with the value is said without quoting it, since it could be a key.</summary>
internal sealed class CheckedOption<T> : Option<T>
{
    public CheckedOption(string name, string needs, TryParse parse)
        : base(name) => CustomParser = result =>
        {
            if (!parse(result.Tokens[0].Value, out var value))
            {
                result.AddError($"{name} needs {needs}.");
            }

            return value;
        };

    public delegate bool TryParse(string text, out T? value);
}
