using System.Text;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Tests.Reading.Differential;

/// <summary>Why our readers and Newtonsoft.Json's serializer may differ. Whatever none of these explains is a defect.</summary>
internal static class Difference
{
    public const string StrictJson = "strict JSON: comments, single quotes, names without quotes, NaN and the like are refused";
    public const string StrictUtf8 = "strict UTF-8: bytes that are none are refused, not replaced";
    public const string NoConversion = "no conversion: a number is no text, a text is no number, 1.5 is no id, an empty text is no object and no list";
    public const string DateNeedsOffset = "dates: ISO 8601 with an offset and nothing else, whatever the machine's own zone and forms are";
    public const string DateForms = "dates: more digits of a second, and offsets without a colon, are understood";
    public const string NoNulls = "a body that is empty or null, and a null in a list, are no models";
    public const string ExactNames = "names are told apart by case, as JSON tells them";
    public const string LastCounts = "of a member that comes twice the last counts, whole: nothing is merged";
    public const string OpenEnums = "enums are open: a value that the contract does not name, also one in another case, is Unknown";

    public const string LenientFiles = "a payload, or a part of it, that is not what the contract says is read as null or left out, and costs no message";

    public static readonly string[] All =
        [LenientFiles, StrictJson, StrictUtf8, NoConversion, DateNeedsOffset, DateForms, NoNulls, ExactNames, LastCounts, OpenEnums];

    /// <summary>The class of a difference, or null for one that must not be.</summary>
    public static string? Explain(byte[] body, Reading ours, Reading theirs)
    {
        var text = Encoding.UTF8.GetString(body).TrimStart('\uFEFF');
        var names = Names.Of(text);
        if (!ours.IsGood && theirs.IsGood)
        {
            return ours.Refusal switch
            {
                "it is not strict JSON" or "something follows the JSON" => StrictJson,
                nameof(DecoderFallbackException) => StrictUtf8,
                "it is empty, or ends early" when theirs.Model is null => NoNulls,
                { } why when Ends(why, "is not an object") && (theirs.Model is null || theirs.Text.Contains("null", StringComparison.Ordinal)) => NoNulls,
                { } why when (Ends(why, "is not an object") || Ends(why, "is not an array")) && text.Contains("\"\"", StringComparison.Ordinal) => NoConversion,
                { } why when Ends(why, "with an offset") => DateNeedsOffset,
                { } why when Ends(why, "is not a string") || Ends(why, "-bit integer") => NoConversion,
                { } why when Ends(why, "is missing") && names.OtherCase => ExactNames,
                _ => names.Twice ? LastCounts : null,
            };
        }

        if (theirs.IsGood && OnlyDatesDiffer(ours, theirs))
        {
            return DateForms;
        }

        if (theirs.IsGood ? OnlyFilesDiffer(ours, theirs) : theirs.Refusal!.Contains("payload", StringComparison.Ordinal))
        {
            return LenientFiles;
        }

        if (names.OtherCase)
        {
            return ExactNames;
        }

        if (names.Twice)
        {
            return LastCounts;
        }

        if (HasUnknown(ours.Model) && (theirs.IsGood || theirs.Refusal!.Contains("Error converting value", StringComparison.Ordinal)))
        {
            return OpenEnums;
        }

        return !theirs.IsGood && theirs.Refusal!.Contains("createdAt", StringComparison.Ordinal) ? DateForms : null;
    }

    private static bool Ends(string refusal, string end) => refusal.EndsWith(end, StringComparison.Ordinal);

    private static bool HasUnknown(object? model) => model switch
    {
        GetChatMessageResponse read => read.Status == ApiResponseStatus.Unknown || read.Result?.Sender == ChatMessageSender.Unknown,
        ApiResponse response => response.Status == ApiResponseStatus.Unknown,
        _ => false,
    };

    private static bool OnlyFilesDiffer(Reading ours, Reading theirs)
    {
        if (ours.Model is not GetChatMessageResponse { Result: { } mine } || theirs.Model is not GetChatMessageResponse { Result: { } other })
        {
            return false;
        }

        var (myFiles, otherFiles) = (mine.Payload, other.Payload);
        (mine.Payload, other.Payload) = (null, null);
        var (withoutFiles, theirsWithoutFiles) = (new Reading(ours.Model, null), new Reading(theirs.Model, null));
        var same = withoutFiles.Text == theirsWithoutFiles.Text || OnlyDatesDiffer(withoutFiles, theirsWithoutFiles);
        (mine.Payload, other.Payload) = (myFiles, otherFiles);
        return same;
    }

    private static bool OnlyDatesDiffer(Reading ours, Reading theirs)
    {
        if (ours.Model is not GetChatMessageResponse { Result: { } mine } || theirs.Model is not GetChatMessageResponse { Result: { } other })
        {
            return false;
        }

        var (kept, difference) = (other.CreatedAt, mine.CreatedAt - other.CreatedAt);
        other.CreatedAt = mine.CreatedAt;
        var same = new Reading(theirs.Model, null).Text == ours.Text;
        other.CreatedAt = kept;
        return same && difference.Duration() < TimeSpan.FromTicks(10);
    }
}

/// <summary>What stands out in the names of the members of a body.</summary>
internal readonly record struct Names(bool OtherCase, bool Twice)
{
    private static readonly HashSet<string> _known =
        ["status", "result", "errors", "code", "message", "messageId", "createdAt", "sender", "payload", "name", "url", "size"];

    private static readonly HashSet<string> _knownInAnyCase = new(_known, StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks at the tokens as far as there are any.</summary>
    public static Names Of(string body)
    {
        var (otherCase, twice) = (false, false);
        var levels = new Stack<HashSet<string>>();
        using var reader = new JsonTextReader(new StringReader(body)) { DateParseHandling = DateParseHandling.None };
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonToken.StartObject:
                        levels.Push(new HashSet<string>(StringComparer.OrdinalIgnoreCase));
                        break;
                    case JsonToken.EndObject:
                        levels.Pop();
                        break;
                    case JsonToken.PropertyName:
                        var name = (string)reader.Value!;
                        otherCase |= _knownInAnyCase.Contains(name) && !_known.Contains(name);
                        twice |= !levels.Peek().Add(name) && _knownInAnyCase.Contains(name);
                        break;
                }
            }
        }
        catch (JsonReaderException)
        {
            // What came before it counts.
        }

        return new Names(otherCase, twice);
    }
}
