using System.Globalization;
using System.Text.Json;

namespace YandexMarket.Chats.Emulator;

/// <summary>Reads a saved state into an empty emulator, or throws InvalidDataException with the place and the reason.</summary>
internal sealed class StateReader(ChatsEmulator emulator)
{
    private static readonly string[] _timeFormats = [SavedState.TimeFormat, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    private readonly HashSet<long> _messageIds = [];

    public void Read(ReadOnlySpan<byte> utf8)
    {
        var saved = Parse(utf8);
        Require(saved.Version == SavedState.CurrentVersion, $"$.version is {saved.Version}; this emulator reads {SavedState.CurrentVersion}");
        foreach (var (business, at) in Each(saved.Businesses, "$.businesses"))
        {
            ReadBusiness(business, at);
        }

        foreach (var (key, at) in Each(saved.Keys, "$.keys"))
        {
            ReadKey(key, at);
        }

        // No id is used twice, even if the newest messages were cut out of the file.
        emulator.LastMessageId = Math.Max(saved.LastMessageId, _messageIds.DefaultIfEmpty().Max());
    }

    private static SavedState Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            // Some editors write a byte order mark.
            return JsonSerializer.Deserialize<SavedState>(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, SavedState.Json)
                ?? throw new InvalidDataException("$ is null.");
        }
        catch (JsonException exception)
        {
            // .NET's message ends with the place, which comes first here, with lines counted from 1.
            var reason = exception.Message.Split(" Path: ", 2)[0].Split(" LineNumber: ", 2)[0].TrimEnd(' ', '|', '.');
            var line = exception.LineNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $"line {number + 1}, ") : "";
            throw new InvalidDataException($"{line}{exception.Path ?? "$"}: {reason}.");
        }
    }

    private void ReadBusiness(SavedBusiness saved, string at)
    {
        Require(saved.Id >= 1, $"{at}.id is {saved.Id}, and must be at least 1");
        Require(emulator.FindBusiness(saved.Id) is null, $"{at}.id {saved.Id} appears twice");
        var business = emulator.AddBusiness(saved.Id);
        foreach (var (chat, chatAt) in Each(saved.Chats, $"{at}.chats"))
        {
            Require(chat.Id >= 1, $"{chatAt}.id is {chat.Id}, and must be at least 1");
            Require(business.FindChat(chat.Id) is null, $"{chatAt}.id {chat.Id} appears twice");
            ReadMessages(chat.Messages, $"{chatAt}.messages", business.AddChat(chat.Id));
        }
    }

    private void ReadMessages(SavedMessage[] messages, string at, EmulatedChat chat)
    {
        var last = 0L;
        foreach (var (message, messageAt) in Each(messages, at))
        {
            Require(message.Id > last, $"{messageAt}.id is {message.Id}, and must be more than {last}: ids increase within a chat");
            Require(_messageIds.Add(message.Id), $"{messageAt}.id {message.Id} appears twice: ids are unique in all chats");
            var isTime = DateTimeOffset.TryParseExact(
                message.CreatedAt, _timeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
            Require(isTime, $"{messageAt}.createdAt must be a time such as 2025-11-21T13:20:30+03:00");
            Require(!string.IsNullOrWhiteSpace(message.Sender), $"{messageAt}.sender is empty");
            var files = Each(message.Attachments ?? [], $"{messageAt}.attachments")
                .Select(file => Attempt(file.At, () => new ChatAttachment(file.Item.Name, file.Item.Url, file.Item.Size))).ToArray();
            Require(!string.IsNullOrEmpty(message.Text) || files.Length > 0, $"{messageAt} has neither text nor attachments");
            chat.Restore(new EmulatedMessage(chat, message.Id, time, message.Sender, message.Text, files));
            last = message.Id;
        }
    }

    private void ReadKey(SavedKey saved, string at)
    {
        var business = saved.BusinessId is { } id ? emulator.FindBusiness(id) : null;
        Require(saved.BusinessId is null || business is not null, $"{at}.businessId is {saved.BusinessId}, and there is no such business");
        Require(emulator.FindKey(saved.Key) is null, $"{at}.key appears twice");
        Attempt(at, () =>
        {
            emulator.SetKey(saved.Key, saved.Scopes, business);
            return saved.Revoked == true && emulator.RevokeKey(saved.Key);
        });
    }

    /// <summary>The serializer rejects null everywhere but as an element of an array.</summary>
    private static IEnumerable<(T Item, string At)> Each<T>(T[] items, string at) => items.Select((item, i) =>
    {
        Require(item is not null, $"{at}[{i}] is null");
        return (item, $"{at}[{i}]");
    });

    /// <summary>Applies the rules of the public methods, and keeps their message without the name of the parameter.</summary>
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

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidDataException($"{message}.");
        }
    }
}
