using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace YandexMarket.Chats.Hosting;

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
