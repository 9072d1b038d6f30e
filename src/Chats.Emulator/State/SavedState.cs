using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace YandexMarket.Chats.Emulator;

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
