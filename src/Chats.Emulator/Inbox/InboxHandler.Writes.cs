using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace YandexMarket.Chats.Emulator;

// What the page can change: it writes as the buyer and adds faults.
internal sealed partial class InboxHandler
{
    private const int LongestText = 4096;
    private const int MostTimes = 1000;
    private const int LargestBody = 64 * 1024;

    private static readonly object _done = new { };
    private static readonly JsonSerializerOptions _strict = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    private async Task<object> AddMessageAsync(HttpRequest request)
    {
        var body = await ReadAsync<MessageBody>(request).ConfigureAwait(false);
        Require(!string.IsNullOrWhiteSpace(body.Text), "text is not blank.");
        Require(body.Text.Length <= LongestText, $"text has at most {LongestText} characters.");
        var chat = emulator.FindBusiness(Number(body.Business))?.FindChat(Number(body.Chat))
            ?? throw new BadHttpRequestException("There is no such chat.", StatusCodes.Status404NotFound);
        chat.Receive(body.Text);
        return _done;
    }

    private async Task<object> AddFaultsAsync(HttpRequest request)
    {
        var body = await ReadAsync<FaultBody>(request).ConfigureAwait(false);
        Require(body.Times is null != body.Probability is null, "Give either times or probability.");
        Require(body.Times is null or (>= 1 and <= MostTimes), $"times is 1 to {MostTimes}.");
        Require(body.Probability is null or (>= 0 and <= 1), "probability is 0 to 1.");
        Require(body.Probability is null || body.Operation is null, "Random faults apply to both operations.");
        Require(body.Fault != ChatsFaultKind.SlowDrip || body.AfterDelivery, "A slow drip is always after delivery.");
        ChatsFault[] faults = body.Fault is { } kind ? [new ChatsFault(kind, body.AfterDelivery)] : [.. ChatsFault.All];
        if (body.Probability is { } probability)
        {
            emulator.Faults.Random(Random.Shared.Next(), probability, faults);
        }
        else if (faults.Length == 1)
        {
            emulator.Faults.Next(faults[0], body.Times!.Value, body.Operation);
        }
        else
        {
            foreach (var fault in Random.Shared.GetItems(faults, body.Times!.Value))
            {
                emulator.Faults.Next(fault, times: 1, body.Operation);
            }
        }

        return _done;
    }

    private object ClearFaults()
    {
        emulator.Faults.Clear();
        return _done;
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
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = LargestBody;
        try
        {
            return await request.ReadFromJsonAsync<T>(_strict, emulator.Stopping).ConfigureAwait(false)
                ?? throw new BadHttpRequestException("Send an object.");
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException($"The body is invalid at {exception.Path ?? "$"}.");
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new BadHttpRequestException(message);
        }
    }

    private sealed record MessageBody(string Business, string Chat, string Text);

    // Without a fault any of ChatsFault.All.
    private sealed record FaultBody(
        ChatsFaultKind? Fault, bool AfterDelivery = false, int? Times = null, double? Probability = null, EmulatedOperation? Operation = null);
}
