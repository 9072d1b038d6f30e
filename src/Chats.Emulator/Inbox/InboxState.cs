using System.Globalization;
using System.Text.Json.Serialization;
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

    // Shows the page that another emulator has replaced the one it knew.
    private readonly string _instance = Guid.NewGuid().ToString("N");

    public InboxResponse Read(IQueryCollection query)
    {
        var chat = state.Businesses.GetValueOrDefault(Number(query, "business"))?.FindChat(Number(query, "chat"));
        return InboxResponse.Of(StatusCodes.Status200OK, new Snapshot(
            _instance,
            state.Businesses.Values.OrderBy(business => business.Id).Select(Describe),
            state.Requests.Total,
            state.Requests.TotalTaken,
            state.Requests.TakeLast(CallsShown).Reverse().Select(Describe),
            InboxFaults.Describe(state.Faults),
            chat?.NewestAfter(Number(query, "after"), MessagesShown).Select(Describe)));
    }

    private static long Number(IQueryCollection query, string name) =>
        long.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private object Describe(EmulatedBusiness business) => new
    {
        Id = Text(business.Id),
        UnderWay = business.CallsUnderWay,
        AtOnce = state.Options.ParallelLimit,
        Reads = Describe(business.Limits.QuotaOf(EmulatedOperation.GetChatMessage)),
        Sends = Describe(business.Limits.QuotaOf(EmulatedOperation.SendMessageToChat)),
        Chats = business.Chats.Select(chat => new { Id = Text(chat.Id), Messages = chat.MessageCount }),
    };

    private static object? Describe(QuotaWindow? quota) =>
        quota?.Read() is { } state ? new { Left = state.Remaining, state.Limit, state.Until } : null;

    private static object Describe(RecordedRequest call) => new
    {
        Number = Text(call.Number),
        At = call.ReceivedAt,
        call.Method,
        Operation = call.Operation?.ToString(),
        Path = call.Operation is null ? call.Path : null,
        Chat = Text(call.ChatId),
        Message = Text(call.MessageId),
        call.Status,
        Code = call.ErrorCode,
        Error = call.ErrorMessage,
        Fault = call.Fault?.Kind.ToString(),
        Took = Text(call.TakenMessageId),
        Key = call.KeyHint,
    };

    private static object Describe(EmulatedMessage message) => new
    {
        Id = Text(message.Id),
        At = message.CreatedAt,
        Sender = message.Sender.Value,
        message.Text,
        Files = message.Attachments.Select(file => new { file.Name, file.Url, file.Size }),
    };

    private sealed record Snapshot(
        string Instance,
        IEnumerable<object> Businesses,
        long Total,
        long Taken,
        IEnumerable<object> Calls,
        object Faults,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IEnumerable<object>? Messages);
}
