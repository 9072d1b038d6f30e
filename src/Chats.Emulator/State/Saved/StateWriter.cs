using System.Globalization;
using System.Text.Json;

namespace YandexMarket.Chats.Emulator;

/// <summary>Writes what an emulator holds, while it goes on working.</summary>
internal static class StateWriter
{
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz";

    public static void Write(EmulatorState state, Stream utf8) => JsonSerializer.Serialize(utf8, Collect(state), SavedState.Json);

    private static SavedState Collect(EmulatorState state)
    {
        // Keys before businesses: a key of a business that is added in between must not stand there without it. And the last number at
        // the end, so that no message has a higher one.
        var keys = state.Keys.All.OrderBy(key => key.Key, StringComparer.Ordinal)
            .Select(key => new SavedKey(key.Key, key.Value.Scopes, key.Value.Business?.Id, key.Value.IsRevoked)).ToArray();
        var businesses = state.Businesses.Values.OrderBy(business => business.Id)
            .Select(business => new SavedBusiness(business.Id, [.. business.Chats.Select(Save)])).ToArray();
        return new SavedState(SavedState.CurrentVersion, keys, businesses, state.LastMessageId);
    }

    private static SavedChat Save(EmulatedChat chat) => new(chat.Id, [.. chat.Messages.Select(Save)]);

    private static SavedMessage Save(EmulatedMessage message) => new(
        message.Id,
        message.CreatedAt.ToString(TimeFormat, CultureInfo.InvariantCulture),
        message.Sender.Value,
        message.Text,
        message.Attachments.Count == 0 ? null : [.. message.Attachments.Select(file => new SavedAttachment(file.Name, file.Url, file.Size))]);
}
