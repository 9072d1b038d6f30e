using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Says at startup what is wrong and how to fix it. A setting is named by its configuration path if it comes from there, otherwise
/// by its name in code. A key is never quoted.
/// </summary>
/// <param name="name">The client.</param>
/// <param name="section">Where the options come from; null if they are set in code.</param>
/// <param name="durations">The settings that are durations.</param>
/// <param name="findError">Finds any other error, beginning with the setting; null if there is none.</param>
internal sealed class OptionsValidator<TOptions>(
    string name, IConfigurationSection? section, string[] durations, Func<TOptions, string?> findError) : IValidateOptions<TOptions>
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
        return (durations.Select(FindBareNumber).FirstOrDefault(fault => fault is not null) ?? findError(options)) is { } fault
            ? ValidateOptionsResult.Fail(prefix + fault)
            : ValidateOptionsResult.Success;
    }

    /// <summary>.NET reads a bare number as days, which is hardly ever intended here.</summary>
    private string? FindBareNumber(string setting) =>
        int.TryParse(section?[setting], NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number != 0
            ? $"{setting}: a bare number, {number}, means days; write hours, minutes and seconds, such as 00:00:{Math.Abs((long)number) % 60:00}."
            : null;
}

/// <summary>Finds errors in options.</summary>
internal static class OptionsErrors
{
    private static readonly TimeSpan _maxDuration = TimeSpan.FromDays(24);

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
        _ when options.MaxQuotaWait < TimeSpan.Zero || options.MaxQuotaWait > _maxDuration =>
            "MaxQuotaWait: it must be from zero to 24 days, such as 00:00:05; to turn rate limiting off, set UseQuota to false.",
        { MaxAttempts: < 1 or > 10 } => "MaxAttempts: it must be from 1 (no retries) to 10.",
        _ when options.RetryDelay < TimeSpan.FromMilliseconds(10) || options.RetryDelay > TimeSpan.FromMinutes(1) =>
            "RetryDelay: it must be from 10 milliseconds to 1 minute, such as 00:00:00.200; to turn retries off, set MaxAttempts to 1.",
        _ when options.AttemptTimeout <= TimeSpan.Zero || options.AttemptTimeout > _maxDuration =>
            "AttemptTimeout: it must be more than zero and at most 24 days, such as 00:00:10.",
        _ => null,
    };
}
