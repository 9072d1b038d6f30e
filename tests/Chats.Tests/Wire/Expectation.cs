using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Tests.Wire;

/// <summary>Compares the outcome of a call with what its case expects. A member that it does not know is a violation too.</summary>
internal static class Expectation
{
    public static IReadOnlyList<string> Violations(WireCase wire, object? outcome)
    {
        var violations = new List<string>();
        if (!wire.Expect.ContainsKey("exception"))
        {
            if (outcome is Exception exception)
            {
                violations.Add($"no exception was expected, but: {exception}");
            }
            else if ((outcome is ChatMessage) != wire.Operation.IsRead)
            {
                violations.Add("a read gives a message, a send none");
            }
        }
        else if (outcome is ChatsException exception && exception.Operation != wire.Operation)
        {
            violations.Add($"the exception is about {exception.Operation}");
        }

        foreach (var (member, expected) in wire.Expect)
        {
            violations.AddRange(Check(member, expected, outcome));
        }

        return violations;
    }

    private static IEnumerable<string> Check(string member, JsonNode? expected, object? outcome)
    {
        switch (member)
        {
            case "message" when outcome is ChatMessage message:
                return expected!.AsObject().SelectMany(part => Compare($"message.{part.Key}", part.Value, Part(message, part.Key)));
            case "messageMustNotContain":
                return Texts(expected).Where(text => $"{outcome}".Contains(text)).Select(text => $"the exception quotes '{text}'");
            case "messageMustContain":
                return Texts(expected).Where(text => (outcome as Exception)?.Message.Contains(text) != true)
                    .Select(text => $"the message lacks '{text}': {outcome}");
            default:
                return Compare(member, expected, Part(outcome, member));
        }
    }

    private static object? Part(object? outcome, string member) => (member, outcome) switch
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
        ("isTimeout", ChatsConnectionException exception) => exception.IsTimeout,
        _ => new UnknownMember(),
    };

    private static IEnumerable<string> Compare(string member, JsonNode? expected, object? actual)
    {
        if (actual is UnknownMember)
        {
            return [$"nothing here has a '{member}'"];
        }

        var isSame = actual is DateTimeOffset moment
            ? expected is not null && moment.EqualsExact(DateTimeOffset.Parse(expected.GetValue<string>(), CultureInfo.InvariantCulture))
            : JsonNode.DeepEquals(expected, JsonSerializer.SerializeToNode(actual));
        return isSame ? [] : [$"{member}: expected {expected?.ToJsonString() ?? "null"}, was {JsonSerializer.Serialize(actual)}"];
    }

    private static IEnumerable<string> Texts(JsonNode? texts) => texts!.AsArray().Select(text => text!.GetValue<string>());

    private sealed record UnknownMember;
}
