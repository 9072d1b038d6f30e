using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace YandexMarket.Chats.Hosting;

/// <summary>How a setting is called in a message: as in the configuration if it comes from there, else as in code.</summary>
internal static class Setting
{
    public static string Prefix(IConfigurationSection? section, string options, string name) =>
        section is not null ? section.Path + ":"
        : name.Length == 0 ? options + "."
        : $"Client '{name}': {options}.";

    /// <summary>.NET reads a bare number as days, which is hardly ever meant here.</summary>
    public static string? DaysFault(IConfigurationSection? section, string prefix, string setting) =>
        int.TryParse(section?[setting], NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number != 0
            ? $"{prefix}{setting}: {number} alone would be days; write hours, minutes and seconds, as 00:00:{Math.Abs((long)number) % 60:00}."
            : null;
}
