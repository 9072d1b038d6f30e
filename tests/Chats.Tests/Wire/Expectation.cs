using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Tests.Wire;

/// <summary>Compares a message, null or an exception with what a case expects. An unknown member is a violation too.</summary>
internal static class Expectation
{
    public static IEnumerable<string> Violations(JsonObject expected, object? outcome) => expected.SelectMany(member => member.Key switch
    {
        "message" when outcome is ChatMessage => member.Value!.AsObject().SelectMany(part => Compare(part.Key, part.Value, outcome)),
        "messageMustNotContain" => Texts(member.Value).Where(text => $"{outcome}".Contains(text)).Select(text => $"it quotes '{text}'"),
        "messageMustContain" => Texts(member.Value).Where(text => (outcome as Exception)?.Message.Contains(text) != true)
            .Select(text => $"its message lacks '{text}': {outcome}"),
        _ => Compare(member.Key, member.Value, outcome),
    });

    private static IEnumerable<string> Compare(string member, JsonNode? expected, object? outcome)
    {
        var actual = Part(member, outcome);
        var isSame = actual is DateTimeOffset time
            ? expected is not null && time.EqualsExact(DateTimeOffset.Parse((string)expected!, CultureInfo.InvariantCulture))
            : actual is not UnknownMember && JsonNode.DeepEquals(expected, JsonSerializer.SerializeToNode(actual));
        return isSame ? [] : [$"{member}: expected {expected?.ToJsonString() ?? "null"}, was {JsonSerializer.Serialize(actual)} in {outcome}"];
    }

    private static object? Part(string member, object? outcome) => (member, outcome) switch
    {
        ("exception", _) => outcome?.GetType().Name,
        ("messageId", ChatMessage message) => message.MessageId,
        ("createdAt", ChatMessage message) => message.CreatedAt,
        ("sender", ChatMessage message) => message.Sender.ToString(),
        ("message", ChatMessage message) => message.Message,
        ("payload", ChatMessage message) => message.Payload?.Select(file => new { name = file.Name, url = file.Url, size = file.Size }),
        ("mayHaveBeenSent", ChatsException exception) => exception.MayHaveBeenSent,
        ("requiredScopes", ChatsException exception) => exception.Operation.RequiredScopes,
        ("statusCode", ChatsApiException exception) => exception.StatusCode,
        ("statusCode", ChatsResponseException exception) => exception.StatusCode,
        ("errors", ChatsApiException exception) => exception.Errors.Select(error => new[] { error.Code, error.Message }),
        ("traceParent", ChatsApiException exception) => exception.TraceParent,
        ("limit", ChatsApiException exception) => exception.RateLimit?.Limit,
        ("remaining", ChatsApiException exception) => exception.RateLimit?.Remaining,
        ("resetsAt", ChatsApiException exception) => exception.RateLimit?.ResetsAt,
        ("isParallelLimit", ChatsRateLimitException exception) => exception.Limit == ChatsLimitKind.Parallel,
        ("retryAfterSeconds", ChatsException exception) => exception.RetryAfter?.TotalSeconds,
        _ => new UnknownMember(),
    };

    private static IEnumerable<string> Texts(JsonNode? texts) => texts!.AsArray().Select(text => (string)text!);

    private sealed record UnknownMember;
}
