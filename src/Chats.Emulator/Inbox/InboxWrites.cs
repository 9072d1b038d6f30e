using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace YandexMarket.Chats.Emulator;

/// <summary>What the page can change: write as the buyer, order faults, call them off.</summary>
internal sealed class InboxWrites(EmulatorState state)
{
    private const int LongestText = 4096;
    private const int MostTimes = 1000;
    private const int LargestBody = 64 * 1024;

    private static readonly JsonSerializerOptions _strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public async ValueTask<InboxResponse> MessageAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, refusal) = await ReadAsync<MessageBody>(request, cancellationToken).ConfigureAwait(false);
        if (body is null)
        {
            return refusal!;
        }

        if (string.IsNullOrWhiteSpace(body.Text) || body.Text.Length > LongestText)
        {
            return Bad($"text has 1 to {LongestText} characters and is not blank.");
        }

        var chat = state.Businesses.GetValueOrDefault(Number(body.Business))?.FindChat(Number(body.Chat));
        if (chat is null)
        {
            return InboxResponse.Error(StatusCodes.Status404NotFound, "There is no such chat.");
        }

        chat.Receive(body.Text);
        return InboxResponse.Done;
    }

    public async ValueTask<InboxResponse> FaultsAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, refusal) = await ReadAsync<FaultBody>(request, cancellationToken).ConfigureAwait(false);
        if (body is null)
        {
            return refusal!;
        }

        var faults = InboxFaults.Find(body.Fault, body.AfterTaking);
        EmulatedOperation? operation = null;
        if (body.Operation is { } name)
        {
            operation = name switch
            {
                nameof(EmulatedOperation.GetChatMessage) => EmulatedOperation.GetChatMessage,
                nameof(EmulatedOperation.SendMessageToChat) => EmulatedOperation.SendMessageToChat,
                _ => null,
            };
        }

        return faults is null ? Bad("There is no such fault, or not before taking.")
            : body.Operation is not null && operation is null ? Bad("There is no such operation.")
            : (body.Times is null) == (body.Probability is null) ? Bad("Give either times or probability.")
            : body.Times is < 1 or > MostTimes ? Bad($"times is 1 to {MostTimes}.")
            : !(body.Probability is null or (>= 0 and <= 1)) ? Bad("probability is 0 to 1.")
            : body.Probability is not null && operation is not null ? Bad("Faults by chance strike calls of either operation.")
            : Order(faults, body, operation);
    }

    public InboxResponse ClearFaults()
    {
        state.Faults.Clear();
        return InboxResponse.Done;
    }

    private InboxResponse Order(IReadOnlyList<ChatsFault> faults, FaultBody body, EmulatedOperation? operation)
    {
        if (body.Probability is { } probability)
        {
            state.Faults.Random(Random.Shared.Next(), probability, [.. faults]);
        }

        for (var times = body.Times ?? 0; times > 0; times--)
        {
            state.Faults.Next(faults[Random.Shared.Next(faults.Count)], times: 1, operation);
        }

        return InboxResponse.Done;
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static InboxResponse Bad(string reason) => InboxResponse.Error(StatusCodes.Status400BadRequest, reason);

    /// <summary>The type is asked for because a form of another site can send anything but this one without being asked back first.</summary>
    private static async ValueTask<(T? Body, InboxResponse? Refusal)> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        if (request.ContentType != "application/json")
        {
            return (null, InboxResponse.Error(StatusCodes.Status415UnsupportedMediaType, "Send application/json."));
        }

        if (request.ContentLength is null or > LargestBody)
        {
            return (null, InboxResponse.Error(StatusCodes.Status413PayloadTooLarge, $"Send at most {LargestBody} bytes and state their number."));
        }

        try
        {
            var body = await JsonSerializer.DeserializeAsync<T>(request.Body, _strict, cancellationToken).ConfigureAwait(false);
            return body is null ? (null, Bad("Send an object.")) : (body, null);
        }
        catch (JsonException exception)
        {
            return (null, Bad($"The body is not as expected at {exception.Path ?? "$"}."));
        }
    }

    private sealed record MessageBody(string Business, string Chat, string Text);

    private sealed record FaultBody(string Fault, bool AfterTaking = false, int? Times = null, double? Probability = null, string? Operation = null);
}
