using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Says at the start what is wrong, by the name of the setting, and how to fix it: its configuration path if it comes from there, otherwise
/// its name in code. A key is never quoted.
/// </summary>
/// <param name="name">The client.</param>
/// <param name="section">Where the options come from; null if they are set in code.</param>
/// <param name="durations">The settings that are durations.</param>
/// <param name="faultOf">What is wrong otherwise, beginning with the setting; null if nothing is.</param>
internal sealed class OptionsValidator<TOptions>(
    string name, IConfigurationSection? section, string[] durations, Func<TOptions, string?> faultOf) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? optionsName, TOptions options)
    {
        if (optionsName != name)
        {
            return ValidateOptionsResult.Skip;
        }

        var prefix = section is not null ? section.Path + ":"
            : name.Length == 0 ? $"{typeof(TOptions).Name}."
            : $"Client '{name}': {typeof(TOptions).Name}.";
        return (durations.Select(DaysFault).FirstOrDefault(fault => fault is not null) ?? faultOf(options)) is { } fault
            ? ValidateOptionsResult.Fail(prefix + fault)
            : ValidateOptionsResult.Success;
    }

    /// <summary>.NET reads a bare number as days, which is hardly ever intended here.</summary>
    private string? DaysFault(string setting) =>
        int.TryParse(section?[setting], NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number != 0
            ? $"{setting}: {number} alone would be days; write hours, minutes and seconds, as 00:00:{Math.Abs((long)number) % 60:00}."
            : null;
}

/// <summary>What is wrong with options.</summary>
internal static class OptionsFaults
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(24);

    public static string? Of(ChatsClientOptions options, IConfigurationSection? section)
    {
        if (options is { ApiKey: null, ApiKeyProvider: null })
        {
            var variable = section is null ? ""
                : $" (user secrets, a mounted file with AddKeyPerFile, or the environment variable {section.Path.Replace(":", "__")}__ApiKey)";
            return $"ApiKey: there is no key. Set ApiKey{variable}, or ApiKeyProvider in code.";
        }

        try
        {
            options.Validate();
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }

    public static string? Of(ChatsHostingOptions options) => options switch
    {
        _ when options.MaxQuotaWait < TimeSpan.Zero || options.MaxQuotaWait > _longest =>
            "MaxQuotaWait: it must be zero to 24 days, as 00:00:05; to wait for no limit set UseQuota to false.",
        { MaxAttempts: < 1 or > 10 } => "MaxAttempts: it must be 1 (nothing is retried) to 10.",
        _ when options.RetryDelay < TimeSpan.FromMilliseconds(10) || options.RetryDelay > TimeSpan.FromMinutes(1) =>
            "RetryDelay: it must be 10 milliseconds to a minute, as 00:00:00.200; to retry nothing set MaxAttempts to 1.",
        _ when options.AttemptTimeout <= TimeSpan.Zero || options.AttemptTimeout > _longest =>
            "AttemptTimeout: it must be more than zero and at most 24 days, as 00:00:10.",
        _ => null,
    };
}
