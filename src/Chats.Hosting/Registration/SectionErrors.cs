using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Wire;

/// <summary>
/// Finds what the binder ignores in a section, or rejects without saying what to write: unknown names, values of the wrong form. A value is not
/// quoted, since it could be a key.
/// </summary>
internal static class SectionErrors
{
    /// <exception cref="OptionsValidationException">There is an error.</exception>
    public static void ThrowIfAny<TOptions>(string name, params string?[] errors)
    {
        if (errors.FirstOrDefault(error => error is not null) is { } first)
        {
            throw new OptionsValidationException(name, typeof(TOptions), [first]);
        }
    }

    /// <summary>A value, or a list of values, that belongs to none of the options. Other sub-sections are allowed: they belong to others.</summary>
    public static string? FindUnknown(IConfigurationSection section, params PropertyInfo[] options)
    {
        var names = options.Where(IsSetting).Select(option => option.Name).ToList();
        var unknown = section.GetChildren().FirstOrDefault(child => (child.Value is not null || IsListOfValues(child)) && !names.Contains(child.Key, StringComparer.OrdinalIgnoreCase));
        if (unknown is null)
        {
            return null;
        }

        var nearest = names.OrderBy(name => Distance(name, unknown.Key)).First();
        return $"{unknown.Path} is not an option{(Distance(nearest, unknown.Key) <= 3 ? $"; did you mean {nearest}?" : "; remove it, or move it to a sub-section, which is ignored.")}";
    }

    /// <summary>A value that cannot be that of its option.</summary>
    public static string? FindMalformed(IConfigurationSection section, PropertyInfo[] options) => options
        .Where(IsSetting)
        .Select(option => FindMalformed(section.GetSection(option.Name), option.PropertyType))
        .FirstOrDefault(error => error is not null);

    private static string? FindMalformed(IConfigurationSection setting, Type type)
    {
        if (!IsList(type))
        {
            return setting.Value is { Length: > 0 } value && Advice(value, Nullable.GetUnderlyingType(type) ?? type) is { } advice
                ? $"{setting.Path}: {advice}"
                : null;
        }

        return setting.Value is { Length: > 0 }
            ? $"{setting.Path}: it is a list; write \"{setting.Key}\": […] in JSON, or the environment variable {setting.Path.Replace(":", "__")}__0."
            : setting.GetChildren()
                .Select(item => (item.Path, Advice: item.Value is { } value ? Advice(value, type.GetGenericArguments()[0]) : "it has no value."))
                .Where(item => item.Advice is not null)
                .Select(item => $"{item.Path}: {item.Advice}")
                .FirstOrDefault();
    }

    /// <summary>What to write instead; null if the value is right.</summary>
    private static string? Advice(string value, Type type)
    {
        var isInteger = long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number);
        return type == typeof(TimeSpan)
                // .NET reads a bare number as days, which is hardly ever intended here.
                ? isInteger && number != 0 && Math.Abs(number) is > 0 and <= int.MaxValue and var size
                    ? $"a bare number, {number}, means days; write {TimeSpan.FromSeconds(size):c} for seconds, or {size}.00:00:00 for days."
                    : TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _) ? null : "it is not a duration; write hours, minutes and seconds, such as 00:00:15."
            : type == typeof(bool) ? bool.TryParse(value, out _) ? null : "it must be true or false."
            : type == typeof(int) ? isInteger && number is >= int.MinValue and <= int.MaxValue ? null : "it must be a whole number."
            : type == typeof(long) ? isInteger ? null : "it must be a whole number."
            : type == typeof(Uri) && !Uri.TryCreate(value, UriKind.RelativeOrAbsolute, out _) ? "it is not an address; write it with its scheme, such as https://host/v2/."
            : null;
    }

    // Callbacks and the clock are set in code.
    private static bool IsSetting(PropertyInfo option) =>
        option.PropertyType.IsValueType || option.PropertyType == typeof(Uri) || typeof(IEnumerable).IsAssignableFrom(option.PropertyType);

    private static bool IsListOfValues(IConfigurationSection child)
    {
        var items = child.GetChildren().ToList();
        return items.Count > 0 && items.All(item => item.Value is not null && int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }

    private static bool IsList(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);

    /// <summary>How many characters have to be added, removed or replaced.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            (var diagonal, row[0]) = (row[0], i);
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[right.Length];
    }
}
