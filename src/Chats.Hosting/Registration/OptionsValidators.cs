using System.Globalization;
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

/// <summary>Says at the start what is wrong, by the name of the setting, and how to fix it.</summary>
internal sealed class HostingOptionsValidator(string name, IConfigurationSection? section) : IValidateOptions<ChatsHostingOptions>
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(24);

    public ValidateOptionsResult Validate(string? optionsName, ChatsHostingOptions options)
    {
        if (optionsName != name)
        {
            return ValidateOptionsResult.Skip;
        }

        var prefix = Setting.Prefix(section, nameof(ChatsHostingOptions), name);
        var fault = Setting.DaysFault(section, prefix, nameof(options.MaxQuotaWait))
            ?? Setting.DaysFault(section, prefix, nameof(options.RetryDelay))
            ?? Setting.DaysFault(section, prefix, nameof(options.AttemptTimeout))
            ?? RangeFault(options, prefix);
        return fault is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(fault);
    }

    private static string? RangeFault(ChatsHostingOptions options, string prefix) => options switch
    {
        _ when options.MaxQuotaWait < TimeSpan.Zero || options.MaxQuotaWait > _longest =>
            $"{prefix}MaxQuotaWait: it must be zero to 24 days, as 00:00:05; to wait for no limit set UseQuota to false.",
        { MaxAttempts: < 1 or > 10 } => $"{prefix}MaxAttempts: it must be 1 (nothing is retried) to 10.",
        _ when options.RetryDelay < TimeSpan.FromMilliseconds(10) || options.RetryDelay > TimeSpan.FromMinutes(1) =>
            $"{prefix}RetryDelay: it must be 10 milliseconds to a minute, as 00:00:00.200; to retry nothing set MaxAttempts to 1.",
        _ when options.AttemptTimeout <= TimeSpan.Zero || options.AttemptTimeout > _longest =>
            $"{prefix}AttemptTimeout: it must be more than zero and at most 24 days, as 00:00:10.",
        _ => null,
    };
}

/// <summary>The name of a setting in a message: its configuration path if it comes from there, otherwise its name in code.</summary>
internal static class Setting
{
    public static string Prefix(IConfigurationSection? section, string options, string name) =>
        section is not null ? section.Path + ":"
        : name.Length == 0 ? options + "."
        : $"Client '{name}': {options}.";

    /// <summary>.NET reads a bare number as days, which is hardly ever intended here.</summary>
    public static string? DaysFault(IConfigurationSection? section, string prefix, string setting) =>
        int.TryParse(section?[setting], NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number != 0
            ? $"{prefix}{setting}: {number} alone would be days; write hours, minutes and seconds, as 00:00:{Math.Abs((long)number) % 60:00}."
            : null;
}
