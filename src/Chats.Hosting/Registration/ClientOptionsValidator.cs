using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>Says at the start what is wrong, by the name of the setting, and how to fix it. A key is never quoted.</summary>
internal sealed class ClientOptionsValidator(
    string name, IConfigurationSection? section, IOptionsMonitor<ChatsHostingOptions> hosting) : IValidateOptions<ChatsClientOptions>
{
    public ValidateOptionsResult Validate(string? optionsName, ChatsClientOptions options)
    {
        if (optionsName != name)
        {
            return ValidateOptionsResult.Skip;
        }

        var file = hosting.Get(name).ApiKeyFile;
        var prefix = Setting.Prefix(section, nameof(ChatsClientOptions), name);
        var fault = KeyFault(options, file, prefix)
            ?? Setting.DaysFault(section, prefix, nameof(ChatsClientOptions.Timeout))
            ?? Prefixed(prefix, ClientSettings.FaultIn(WithSomeKey(options, file)));
        return fault is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(fault);
    }

    private string? KeyFault(ChatsClientOptions options, string? file, string prefix)
    {
        var sources = (options.ApiKey is null ? 0 : 1) + (options.ApiKeyProvider is null ? 0 : 1) + (file is null ? 0 : 1);
        if (sources == 0)
        {
            var variable = section is null ? "" : $" (user secrets, or the environment variable {section.Path.Replace(":", "__")}__ApiKey)";
            return $"{prefix}ApiKey: there is no key. Set ApiKey{variable}, ApiKeyFile, or ApiKeyProvider in code.";
        }

        if (sources > 1)
        {
            return $"{prefix}ApiKey: there are several keys. Set one of ApiKey, ApiKeyFile and ApiKeyProvider.";
        }

        return file is null ? null : Prefixed($"{prefix}ApiKeyFile: ", KeyFile.FaultIn(file));
    }

    private static string? Prefixed(string prefix, string? fault) => fault is null ? null : prefix + fault;

    private static ChatsClientOptions WithSomeKey(ChatsClientOptions options, string? file) => file is null
        ? options
        : options.With(apiKey: null, _ => throw new InvalidOperationException());
}
