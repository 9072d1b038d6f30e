using System.Globalization;
using System.Text.Json;

namespace YandexMarket.Chats.Emulator;

/// <summary>Reads a saved state into an empty emulator, or says where and why it is none.</summary>
internal sealed class StateReader(EmulatorState state)
{
    private const string Utc = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    private readonly HashSet<long> _messageIds = [];

    public void Read(ReadOnlySpan<byte> utf8)
    {
        var saved = Parse(utf8);
        Require(saved.Version == SavedState.CurrentVersion, "$.version", $"is {saved.Version}; this emulator reads {SavedState.CurrentVersion}");
        foreach (var (business, at) in Each(saved.Businesses, "$.businesses"))
        {
            ReadBusiness(business, at);
        }

        foreach (var (key, at) in Each(saved.Keys, "$.keys"))
        {
            ReadKey(key, at);
        }

        // A number is not given twice, not even if the newest messages were cut out of the file.
        state.LastMessageId = Math.Max(saved.LastMessageId, _messageIds.DefaultIfEmpty().Max());
    }

    private static SavedState Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            // Some editors put the mark at the start of a file.
            return JsonSerializer.Deserialize<SavedState>(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, SavedState.Json)
                ?? throw new InvalidDataException("$ is null, and no state.");
        }
        catch (JsonException exception)
        {
            // .NET's own words end with the place, which stands here first, counted as editors count.
            var reason = exception.Message.Split(" Path: ", 2)[0].Split(" LineNumber: ", 2)[0].TrimEnd(' ', '|', '.');
            var line = exception.LineNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $"line {number + 1}, ") : "";
            throw new InvalidDataException($"{line}{exception.Path ?? "$"}: {reason}.");
        }
    }

    private void ReadBusiness(SavedBusiness saved, string at)
    {
        Require(saved.Id >= 1, $"{at}.id", $"is {saved.Id}, and must be at least 1");
        var business = new EmulatedBusiness(state, saved.Id);
        Require(state.Businesses.TryAdd(saved.Id, business), $"{at}.id", $"{saved.Id} is there twice");
        foreach (var (chat, chatAt) in Each(saved.Chats, $"{at}.chats"))
        {
            Require(chat.Id >= 1, $"{chatAt}.id", $"is {chat.Id}, and must be at least 1");
            Require(business.FindChat(chat.Id) is null, $"{chatAt}.id", $"{chat.Id} is there twice");
            ReadMessages(chat.Messages, $"{chatAt}.messages", business.AddChat(chat.Id));
        }
    }

    private void ReadMessages(SavedMessage[] messages, string at, EmulatedChat chat)
    {
        var last = 0L;
        foreach (var (message, messageAt) in Each(messages, at))
        {
            var files = message.Attachments ?? [];
            Require(message.Id > last, $"{messageAt}.id", $"is {message.Id}, and must be more than {last}: numbers rise in a chat");
            Require(_messageIds.Add(message.Id), $"{messageAt}.id", $"{message.Id} is there twice: numbers are unique in all chats");
            Require(TryTime(message.CreatedAt, out var time), $"{messageAt}.createdAt", "must be a time such as 2025-11-21T13:20:30+03:00");
            Require(!string.IsNullOrWhiteSpace(message.Sender), $"{messageAt}.sender", "is empty");
            Require(!string.IsNullOrEmpty(message.Text) || files.Length > 0, messageAt, "has neither text nor attachments");
            chat.Restore(message.Id, time, new EmulatedSender(message.Sender), message.Text, ReadFiles(files, $"{messageAt}.attachments"));
            last = message.Id;
        }
    }

    private static ChatAttachment[] ReadFiles(SavedAttachment[] files, string at) =>
        [.. Each(files, at).Select(file => Attempt(file.At, () => new ChatAttachment(file.Item.Name, file.Item.Url, file.Item.Size)))];

    private void ReadKey(SavedKey saved, string at)
    {
        EmulatedBusiness? business = null;
        if (saved.BusinessId is { } id)
        {
            business = state.Businesses.GetValueOrDefault(id);
            Require(business is not null, $"{at}.businessId", $"is {id}, and there is no such business");
        }

        Require(state.Keys.Find(saved.Key) is null, $"{at}.key", "is there twice");
        Attempt(at, () =>
        {
            state.Keys.Add(saved.Key, saved.Scopes, business);
            return saved.Revoked && state.Keys.Revoke(saved.Key);
        });
    }

    private static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text, [StateWriter.TimeFormat, Utc], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    /// <summary>The serialiser forbids a null everywhere but as an element.</summary>
    private static IEnumerable<(T Item, string At)> Each<T>(T[] items, string at) => items.Select((item, i) =>
    {
        Require(item is not null, $"{at}[{i}]", "is null");
        return (item, $"{at}[{i}]");
    });

    /// <summary>The rules of the public methods hold here too; their words are kept, without the name of a parameter.</summary>
    private static T Attempt<T>(string at, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"{at}: {exception.Message.Split(" (Parameter '", 2)[0]}");
        }
    }

    private static void Require(bool condition, string member, string rule)
    {
        if (!condition)
        {
            throw new InvalidDataException($"{member} {rule}.");
        }
    }
}
