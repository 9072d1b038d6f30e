using System.Collections;

namespace YandexMarket.Chats.Tests;

/// <summary>A key and a text that can be found again wherever they come out.</summary>
internal static class Canary
{
    /// <summary>In the documented form of a key.</summary>
    public const string Key = "ACMA:KEYCANARYkeycanaryKEYCANARYkeycanary0000:KEYCANAR";

    public const string Text = "TEXTCANARY: Ваш заказ уже в пути";

    /// <summary>What a server may echo in status lines, headers, codes and bodies.</summary>
    public const string Echo = "TEXTCANARY KEYCANARY";

    private static readonly string[] _canaries = ["KEYCANAR", "TEXTCANARY", "Ваш заказ"];

    public static bool IsIn(string? text) => text is not null && _canaries.Any(canary => text.Contains(canary, StringComparison.OrdinalIgnoreCase));

    /// <summary>The places of an exception and of its inner exceptions in which a canary is found.</summary>
    public static IReadOnlyList<string> PlacesIn(Exception exception)
    {
        var inner = exception is AggregateException many ? many.InnerExceptions : exception.InnerException is { } one ? [one] : (IEnumerable<Exception>)[];
        (string Name, string? Text)[] texts =
        [
            ("ToString()", exception.ToString()), ("Message", exception.Message), ("Source", exception.Source), ("HelpLink", exception.HelpLink),
            .. exception.Data.Cast<DictionaryEntry>().Select(datum => ("Data", $"{datum.Key} {datum.Value}")),
        ];
        return
        [
            .. texts.Where(place => IsIn(place.Text)).Select(place => $"{exception.GetType().Name}.{place.Name}"),
            .. inner.SelectMany(PlacesIn).Select(place => $"{exception.GetType().Name} > {place}"),
        ];
    }
}
