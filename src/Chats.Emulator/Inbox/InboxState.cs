using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// All that the page shows, in one response: businesses with their limits and chats, the newest messages of the chosen chat, the last calls,
/// the faults. Numbers of businesses, chats and messages are strings there: JavaScript cannot hold every one of 64 bits.
/// </summary>
internal sealed class InboxState(EmulatorState state)
{
    private const int MessagesShown = 200;
    private const int CallsShown = 50;

    // Tells the page that another emulator has taken the place of the one it knew.
    private readonly string _instance = Guid.NewGuid().ToString("N");

    public InboxResponse Answer(IQueryCollection query)
    {
        var chat = state.Businesses.GetValueOrDefault(Number(query, "business"))?.FindChat(Number(query, "chat"));
        var after = Number(query, "after");
        return InboxResponse.Of(StatusCodes.Status200OK, json =>
        {
            json.WriteString("instance"u8, _instance);
            WriteBusinesses(json);
            WriteCalls(json);
            InboxFaults.Write(json, state.Faults);
            if (chat is not null)
            {
                WriteMessages(json, chat.NewestAfter(after, MessagesShown));
            }
        });
    }

    private static long Number(IQueryCollection query, string name) =>
        long.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void WriteBusinesses(Utf8JsonWriter json)
    {
        json.WriteStartArray("businesses"u8);
        foreach (var business in state.Businesses.Values.OrderBy(business => business.Id))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, Text(business.Id));
            json.WriteNumber("underWay"u8, business.CallsUnderWay);
            WriteLimit(json, "atOnce", state.Options.ParallelLimit);
            WriteQuota(json, "reads", business.Limits.QuotaOf(EmulatedOperation.GetChatMessage));
            WriteQuota(json, "sends", business.Limits.QuotaOf(EmulatedOperation.SendMessageToChat));
            json.WriteStartArray("chats"u8);
            foreach (var chat in business.Chats)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, Text(chat.Id));
                json.WriteNumber("messages"u8, chat.MessageCount);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteQuota(Utf8JsonWriter json, string name, QuotaWindow? quota)
    {
        if (quota?.Read() is not { } left)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("left"u8, left.Remaining);
        json.WriteNumber("limit"u8, left.Limit);
        json.WriteString("until"u8, left.Until);
        json.WriteEndObject();
    }

    private static void WriteLimit(Utf8JsonWriter json, string name, int? limit)
    {
        if (limit is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private void WriteCalls(Utf8JsonWriter json)
    {
        json.WriteNumber("total"u8, state.Requests.Total);
        json.WriteNumber("taken"u8, state.Requests.TotalTaken);
        json.WriteStartArray("calls"u8);
        foreach (var call in state.Requests.TakeLast(CallsShown).Reverse())
        {
            json.WriteStartObject();
            json.WriteString("number"u8, Text(call.Number));
            json.WriteString("at"u8, call.ReceivedAt);
            json.WriteString("method"u8, call.Method);
            json.WriteString("operation"u8, call.Operation?.ToString());
            json.WriteString("path"u8, call.Operation is null ? call.Path : null);
            json.WriteString("chat"u8, call.ChatId is { } chat ? Text(chat) : null);
            json.WriteString("message"u8, call.MessageId is { } message ? Text(message) : null);
            WriteLimit(json, "status", call.Status);
            json.WriteString("code"u8, call.ErrorCode);
            json.WriteString("error"u8, call.ErrorMessage);
            json.WriteString("fault"u8, call.Fault?.Kind.ToString());
            json.WriteString("took"u8, call.TakenMessageId is { } taken ? Text(taken) : null);
            json.WriteString("key"u8, call.KeyHint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMessages(Utf8JsonWriter json, EmulatedMessage[] messages)
    {
        json.WriteStartArray("messages"u8);
        foreach (var message in messages)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, Text(message.Id));
            json.WriteString("at"u8, message.CreatedAt);
            json.WriteString("sender"u8, message.Sender.Value);
            json.WriteString("text"u8, message.Text);
            json.WriteStartArray("files"u8);
            foreach (var attachment in message.Attachments)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, attachment.Name);
                json.WriteString("url"u8, attachment.Url);
                json.WriteNumber("size"u8, attachment.Size);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
