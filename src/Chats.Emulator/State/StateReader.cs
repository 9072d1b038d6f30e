using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace YandexMarket.Chats.Emulator;

/// <summary>Reads a saved state into an empty emulator, or throws InvalidDataException with the place and the reason.</summary>
internal sealed class StateReader(ChatsEmulator emulator)
{
    /// <summary>Leaves room for the ids of new messages.</summary>
    private const long MaxId = long.MaxValue / 2;

    private readonly HashSet<long> _messageIds = [];

    /// <summary>The place that is being read.</summary>
    private string _at = "$";

    public void Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            // Some editors write a byte order mark.
            var saved = JsonSerializer.Deserialize<SavedState>(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, SavedState.Json);
            Read(saved ?? throw new ArgumentException("It is null."));
        }
        catch (JsonException exception)
        {
            var line = exception.LineNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $"line {number + 1}, ") : "";
            if (exception.Message.Contains(" could not be mapped to any ", StringComparison.Ordinal))
            {
                // The path would contain the name.
                throw new InvalidDataException($"{line.TrimEnd(',', ' ')}: Unknown member; its name is not shown, because it could be a key.");
            }

            // .NET's message ends with the place, which comes first here, with lines counted from 1.
            var reason = exception.Message.Split(" Path: ", 2)[0].Split(" LineNumber: ", 2)[0].TrimEnd(' ', '|', '.');
            throw new InvalidDataException($"{line}{exception.Path ?? "$"}: {reason}.");
        }
        catch (ArgumentException exception)
        {
            // Of the methods that add a business, a chat, a message or a key, without the name of the parameter.
            throw new InvalidDataException($"{_at}: {exception.Message.Split(" (Parameter '", 2)[0]}");
        }
    }

    private void Read(SavedState saved)
    {
        Require(saved.Version == SavedState.CurrentVersion, $"The version is {saved.Version}; this emulator supports version {SavedState.CurrentVersion}.");
        Require(saved.LastMessageId is >= 0 and <= MaxId, $"lastMessageId must be from 0 to {MaxId}.");
        foreach (var business in Each(saved.Businesses, "businesses"))
        {
            var added = emulator.AddBusiness(business.Id);
            foreach (var chat in Each(business.Chats, "chats"))
            {
                ReadMessages(chat.Messages, added.AddChat(chat.Id));
            }
        }

        foreach (var key in Each(saved.Keys, "keys"))
        {
            Require(key.BusinessId is null || emulator.FindBusiness(key.BusinessId.Value) is not null, $"There is no business {key.BusinessId}.");
            Require(emulator.FindKey(key.Key) is null, "The key appears twice.");
            emulator.SetKey(key);
        }

        // No id is used twice, even if the newest messages were cut out of the file.
        emulator.LastMessageId = Math.Max(saved.LastMessageId, _messageIds.DefaultIfEmpty().Max());
    }

    private void ReadMessages(SavedMessage[] messages, EmulatedChat chat)
    {
        var last = 0L;
        foreach (var message in Each(messages, "messages"))
        {
            Require(message.Id <= MaxId, $"The id is {message.Id}, but must be at most {MaxId}.");
            Require(message.Id > last, $"The id is {message.Id}, but must be greater than {last}: ids increase within a chat.");
            Require(_messageIds.Add(message.Id), $"The id {message.Id} appears twice: ids are unique across all chats.");
            chat.Restore(new EmulatedMessage(chat, message.Id, message.CreatedAt, message.Sender, message.Text, message.Attachments ?? []));
            last = message.Id;
        }
    }

    /// <summary>Keeps track of the place. The serializer rejects null everywhere but as an element of an array.</summary>
    private IEnumerable<T> Each<T>(T[] items, string name)
    {
        var parent = _at;
        foreach (var (i, item) in items.Index())
        {
            _at = $"{parent}.{name}[{i}]";
            yield return item ?? throw new ArgumentException("It is null.");
        }

        _at = parent;
    }

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new ArgumentException(rule);
        }
    }
}

/// <summary>The members of a saved state, as it is read. <see cref="ChatsEmulator.SaveState"/> documents them.</summary>
internal sealed record SavedState(int Version, ApiKey[] Keys, SavedBusiness[] Businesses, long LastMessageId = 0)
{
    /// <summary>Increased when a reader of this version would misunderstand a newer state.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Strict, because a mistake in a file written by hand should be an error.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };
}

internal sealed record SavedBusiness(long Id, SavedChat[] Chats);

internal sealed record SavedChat(long Id, SavedMessage[] Messages);

internal sealed record SavedMessage(
    long Id, [property: JsonConverter(typeof(TimeWithOffset))] DateTimeOffset CreatedAt, string Sender, string? Text = null, ChatAttachment[]? Attachments = null);

/// <summary>Without its offset a time would be a guess.</summary>
internal sealed class TimeWithOffset : JsonConverter<DateTimeOffset>
{
    /// <summary>Whether a time that .NET reads has an offset, which .NET would add.</summary>
    public static bool IsIn(string? time) => time is [.., 'Z'] or [.., '+' or '-', _, _, ':', _, _];

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && IsIn(reader.GetString()) && reader.TryGetDateTimeOffset(out var time)
            ? time
            : throw new JsonException("It must be a time with an offset, such as 2025-11-21T10:20:30Z.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
