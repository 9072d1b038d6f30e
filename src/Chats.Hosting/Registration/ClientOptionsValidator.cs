using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>Says at the start what is wrong, by the name of the setting, and how to fix it. A key is never quoted.</summary>
internal sealed class ClientOptionsValidator(string name, IConfigurationSection? section) : IValidateOptions<ChatsClientOptions>
{
    public ValidateOptionsResult Validate(string? optionsName, ChatsClientOptions options)
    {
        if (optionsName != name)
        {
            return ValidateOptionsResult.Skip;
        }

        var prefix = Setting.Prefix(section, nameof(ChatsClientOptions), name);
        var fault = KeyFault(options, prefix)
            ?? Setting.DaysFault(section, prefix, nameof(ChatsClientOptions.Timeout))
            ?? OtherFault(options, prefix);
        return fault is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(fault);
    }

    private string? KeyFault(ChatsClientOptions options, string prefix) => options switch
    {
        { ApiKey: null, ApiKeyProvider: null } =>
            $"{prefix}ApiKey: there is no key. Set ApiKey{Variable()}, or ApiKeyProvider in code.",
        { ApiKey: not null, ApiKeyProvider: not null } => $"{prefix}ApiKey: there are two keys. Set ApiKey or ApiKeyProvider.",
        _ => null,
    };

    private string Variable() =>
        section is null ? "" : $" (user secrets, a mounted file with AddKeyPerFile, or the environment variable {section.Path.Replace(":", "__")}__ApiKey)";

    private static string? OtherFault(ChatsClientOptions options, string prefix)
    {
        try
        {
            options.Validate();
            return null;
        }
        catch (ArgumentException exception)
        {
            return prefix + exception.Message;
        }
    }
}
