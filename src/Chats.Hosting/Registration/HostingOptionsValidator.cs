using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

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
