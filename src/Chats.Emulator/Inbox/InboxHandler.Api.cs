using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace YandexMarket.Chats.Emulator;

// What the page shows and what it can change: it writes as the buyer and adds faults.
internal sealed partial class InboxHandler
{
    private const int MessagesShown = 200;
    private const int CallsShown = 50;
    private const int MaxTextLength = 4096;
    private const int MaxTimes = 1000;
    private const int MaxBodyBytes = 64 * 1024;

    // Numbers are written as strings, because JavaScript cannot represent every id; both are read. With the default escaping a buyer's text stays
    // text even if it is read as HTML by mistake.
    private static readonly JsonSerializerOptions _json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    // Shows the page that the emulator was replaced by another one.
    private readonly Guid _instance = Guid.NewGuid();

    /// <summary>
    /// Everything that the page shows, in one response: businesses with their limits and chats, the newest messages of the open chat, the last
    /// calls, the faults.
    /// </summary>
    private object ReadState(IQueryCollection query)
    {
        var (next, random) = emulator.Faults.Planned();
        return new
        {
            Instance = _instance,
            Businesses = emulator.Businesses.Select(business => new
            {
                business.Id,
                CallsInProgress = business.CallsInProgress,
                AtOnce = emulator.Options.ParallelLimit,
                Reads = business.QuotaOf(EmulatedOperation.GetChatMessage)?.Read(),
                Sends = business.QuotaOf(EmulatedOperation.SendMessageToChat)?.Read(),
                Chats = business.Chats.Select(chat => new { chat.Id, Messages = chat.MessageCount }),
            }),
            emulator.Requests.Total,
            Delivered = emulator.Requests.TotalDelivered,
            Calls = emulator.Requests.TakeLast(CallsShown).Reverse(),
            Faults = new
            {
                emulator.Faults.AppliedCount,
                random.Probability,
                Random = random.Faults is [var only] ? only : null,
                Next = next.CountBy(planned => planned).Select(planned => new { planned.Key.Fault, planned.Key.Operation, Times = planned.Value }),
            },
            Messages = FindChat(Number(query["business"]), Number(query["chat"]))?.NewestAfter(Number(query["after"]), MessagesShown),
        };
    }

    private async Task<object> AddMessageAsync(HttpRequest request)
    {
        var body = await ReadAsync<MessageBody>(request).ConfigureAwait(false);
        Require(!string.IsNullOrWhiteSpace(body.Text), "text must not be blank.");
        Require(body.Text.Length <= MaxTextLength, $"text must have at most {MaxTextLength} characters.");
        var chat = FindChat(body.Business, body.Chat) ?? throw new BadHttpRequestException("There is no such chat.", StatusCodes.Status404NotFound);
        return chat.Receive(body.Text);
    }

    private async Task<object> AddFaultsAsync(HttpRequest request)
    {
        var body = await ReadAsync<FaultBody>(request).ConfigureAwait(false);
        Require(body.Times is null != body.Probability is null, "Specify either times or probability.");
        Require(body.Times is null or (>= 1 and <= MaxTimes), $"times must be from 1 to {MaxTimes}.");
        Require(body.Probability is null or (>= 0 and <= 1), "probability must be from 0 to 1.");
        Require(body.Probability is null || body.Operation is null, "Random faults apply to both operations.");
        Require(body.Fault != ChatsFaultKind.Response, "A response of one's own can be planned in C# only.");
        Require(body.Fault != ChatsFaultKind.SlowDrip || body.AfterDelivery, "A slow drip must be after delivery.");
        ChatsFault[] faults = body.Fault is { } kind ? [new ChatsFault(kind, body.AfterDelivery)] : [.. ChatsFault.All];
        if (body.Probability is { } probability)
        {
            emulator.Faults.Random(Random.Shared.Next(), probability, faults);
        }

        foreach (var fault in Random.Shared.GetItems(faults, body.Times ?? 0))
        {
            emulator.Faults.Next(fault, operation: body.Operation);
        }

        return emulator.Faults;
    }

    private ChatsFaults ClearFaults()
    {
        emulator.Faults.Clear();
        return emulator.Faults;
    }

    /// <summary>The type is checked because a form of another site can send any other type without a preflight request.</summary>
    private async Task<T> ReadAsync<T>(HttpRequest request)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException("Send application/json.", StatusCodes.Status415UnsupportedMediaType);
        }

        // Reading more throws a BadHttpRequestException with 413.
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBodyBytes;
        try
        {
            return await request.ReadFromJsonAsync<T>(_json, emulator.Stopping).ConfigureAwait(false)
                ?? throw new BadHttpRequestException("Send an object.");
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException($"The body is invalid at {exception.Path ?? "$"}.");
        }
    }

    private EmulatedChat? FindChat(long business, long chat) => emulator.FindBusiness(business)?.FindChat(chat);

    private static long Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new BadHttpRequestException(message);
        }
    }

    private sealed record MessageBody(long Business, long Chat, string Text);

    // Without a fault any of ChatsFault.All.
    private sealed record FaultBody(
        ChatsFaultKind? Fault, bool AfterDelivery = false, int? Times = null, double? Probability = null, EmulatedOperation? Operation = null);
}
