using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace YandexMarket.Chats.Emulator;

/// <summary>The members of a saved state, in their order. <see cref="ChatsEmulator.SaveState"/> documents them.</summary>
internal sealed record SavedState(int Version, SavedKey[] Keys, SavedBusiness[] Businesses, long LastMessageId = 0)
{
    /// <summary>Increased when a reader of this version would misunderstand a newer state.</summary>
    public const int CurrentVersion = 1;

    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz";

    /// <summary>Strict, because a mistake in a file written by hand should be an error.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    public static SavedState Of(ChatsEmulator emulator)
    {
        // The emulator may change meanwhile. Keys come before businesses, so that the business of each key is included; the last id comes
        // at the end, so that no message has a higher one.
        var keys = emulator.Keys.OrderBy(key => key.Key, StringComparer.Ordinal)
            .Select(key => new SavedKey(key.Key, key.Value.Scopes, key.Value.Business?.Id, key.Value.IsRevoked ? true : null)).ToArray();
        var businesses = emulator.Businesses.Select(business => new SavedBusiness(business.Id, [.. business.Chats.Select(chat =>
            new SavedChat(chat.Id, [.. chat.Messages.Select(SavedMessage.Of)]))])).ToArray();
        return new SavedState(CurrentVersion, keys, businesses, Interlocked.Read(ref emulator.LastMessageId));
    }
}

internal sealed record SavedKey(string Key, string[] Scopes, long? BusinessId = null, bool? Revoked = null);

internal sealed record SavedBusiness(long Id, SavedChat[] Chats);

internal sealed record SavedChat(long Id, SavedMessage[] Messages);

internal sealed record SavedMessage(long Id, string CreatedAt, string Sender, string? Text = null, SavedAttachment[]? Attachments = null)
{
    public static SavedMessage Of(EmulatedMessage message) => new(
        message.Id,
        message.CreatedAt.ToString(SavedState.TimeFormat, CultureInfo.InvariantCulture),
        message.Sender,
        message.Text,
        message.Attachments.Count == 0 ? null : [.. message.Attachments.Select(file => new SavedAttachment(file.Name, file.Url, file.Size))]);
}

internal sealed record SavedAttachment(string Name, string Url, int Size);
