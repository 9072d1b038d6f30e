using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Says at startup what is wrong and how to fix it. A setting is named by its configuration path if it comes from there, otherwise
/// by its name in code. A key is never quoted.
/// </summary>
/// <param name="name">The client.</param>
/// <param name="section">Where the options come from; null if they are set in code.</param>
internal sealed class OptionsValidator(string name, IConfigurationSection? section)
    : IValidateOptions<ChatsClientOptions>, IValidateOptions<ChatsHostingOptions>
{
    public ValidateOptionsResult Validate(string? optionsName, ChatsClientOptions options) =>
        Result(optionsName, options, OptionsErrors.Of(options, section));

    public ValidateOptionsResult Validate(string? optionsName, ChatsHostingOptions options) =>
        Result(optionsName, options, OptionsErrors.Of(options));

    private ValidateOptionsResult Result(string? optionsName, object options, string? error) =>
        optionsName != name ? ValidateOptionsResult.Skip
        : error is null ? ValidateOptionsResult.Success
        : section is not null ? ValidateOptionsResult.Fail($"{section.Path}:{error}")
        : ValidateOptionsResult.Fail($"{(name.Length == 0 ? "" : $"Client '{name}': ")}{options.GetType().Name}.{error}");
}

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
            // An empty list in a file is an empty value, of which the binder makes no list.
            var scopes = options.GrantedScopes ?? (section?[nameof(options.GrantedScopes)] is null ? null : []);
            var known = ChatsOperations.All.SelectMany(operation => operation.RequiredScopes).Distinct().ToList();
            return scopes is null || known.Any(scopes.Contains)
                ? null
                : $"GrantedScopes: {(scopes.Count == 0 ? "it is empty" : string.Join(", ", scopes))}, which allows no call; the scopes are {string.Join(", ", known)}.";
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
