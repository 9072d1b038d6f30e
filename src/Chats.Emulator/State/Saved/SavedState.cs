using System.Text.Json;
using System.Text.Json.Serialization;

namespace YandexMarket.Chats.Emulator;

/// <summary>The members of a saved state, in their order. <see cref="ChatsEmulator.SaveState"/> documents them.</summary>
internal sealed record SavedState(int Version, SavedKey[] Keys, SavedBusiness[] Businesses, long LastMessageId = 0)
{
    /// <summary>Raised when a reader of today would misunderstand what is written tomorrow.</summary>
    public const int CurrentVersion = 1;

    // A mistake in a file written by hand is an error: unknown, missing, null and duplicate members are all refused. What is
    // optional is left out.
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };
}

internal sealed record SavedKey(string Key, string[] Scopes, long? BusinessId = null, bool Revoked = false);

internal sealed record SavedBusiness(long Id, SavedChat[] Chats);

internal sealed record SavedChat(long Id, SavedMessage[] Messages);

internal sealed record SavedMessage(long Id, string CreatedAt, string Sender, string? Text = null, SavedAttachment[]? Attachments = null);

// Zero and empty are good values here, which leaving out the default would lose.
internal sealed record SavedAttachment(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string Name,
    string Url,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int Size);
