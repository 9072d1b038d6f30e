using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace YandexMarket.Chats.Emulator;

// What the page shows.
internal sealed partial class InboxHandler
{
    private const int MessagesShown = 200;
    private const int CallsShown = 50;

    // Shows the page that the emulator was replaced by another one.
    private readonly string _instance = Guid.NewGuid().ToString("N");

    /// <summary>
    /// All that the page shows, in one response: businesses with their limits and chats, the newest messages of the open chat, the last
    /// calls, the faults. Ids are strings, because JavaScript cannot hold every 64-bit number.
    /// </summary>
    private object ReadState(IQueryCollection query)
    {
        var chat = emulator.FindBusiness(Number(query["business"]))?.FindChat(Number(query["chat"]));
        return new
        {
            Instance = _instance,
            Businesses = emulator.Businesses.Select(Describe),
            emulator.Requests.Total,
            Delivered = emulator.Requests.TotalDelivered,
            Calls = emulator.Requests.TakeLast(CallsShown).Reverse().Select(Describe),
            Faults = Describe(emulator.Faults),
            Messages = chat?.NewestAfter(Number(query["after"]), MessagesShown).Select(Describe),
        };
    }

    private static long Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private object Describe(EmulatedBusiness business) => new
    {
        Id = Text(business.Id),
        UnderWay = business.CallsUnderWay,
        AtOnce = emulator.Options.ParallelLimit,
        Reads = business.QuotaOf(EmulatedOperation.GetChatMessage)?.Read(),
        Sends = business.QuotaOf(EmulatedOperation.SendMessageToChat)?.Read(),
        Chats = business.Chats.Select(chat => new { Id = Text(chat.Id), Messages = chat.MessageCount }),
    };

    private static object Describe(RecordedRequest call) => new
    {
        At = call.ReceivedAt,
        call.Method,
        Operation = call.Operation?.ToString(),
        call.Path,
        Chat = Text(call.ChatId),
        Message = Text(call.MessageId),
        call.Status,
        Code = call.ErrorCode,
        Error = call.ErrorMessage,
        Fault = call.Fault?.Kind.ToString(),
        Delivered = Text(call.DeliveredMessageId),
        Key = call.KeyHint,
    };

    private static object Describe(ChatsFaults faults)
    {
        var (next, probability, random) = faults.Orders();
        return new
        {
            faults.AppliedCount,
            Probability = probability,
            Random = random is [var only] ? only.Kind.ToString() : null,
            RandomAfterDelivery = random is [{ IsAfterDelivery: true }],
            Next = next.Select(order => new
            {
                Fault = order.Fault.Kind.ToString(),
                AfterDelivery = order.Fault.IsAfterDelivery,
                Operation = order.Operation?.ToString(),
                order.Times,
            }),
        };
    }

    private static object Describe(EmulatedMessage message) => new
    {
        Id = Text(message.Id),
        At = message.CreatedAt,
        message.Sender,
        message.Text,
        Files = message.Attachments,
    };
}
