using System.Text.Json;
using System.Text.Json.Nodes;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace YandexMarket.Chats.Tests.Wire;

/// <summary>The responses of Data from a real HTTP server, each with what the client must make of it.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Parallelizable(ParallelScope.Self)]
public sealed class WireCaseTests
{
    private const string Text = "A text for nobody";

    private WireMockServer _service = null!;

    private static IEnumerable<TestCaseData> Cases =>
        from json in JsonNode.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Data", "wire-cases.json")))!["cases"]!.AsArray()
        select new TestCaseData(json).SetName($"{json["operation"]}: {json["name"]}");

    [OneTimeSetUp]
    public void Start() => _service = WireMockServer.Start();

    [OneTimeTearDown]
    public void Stop() => _service.Dispose();

    [TestCaseSource(nameof(Cases))]
    public async Task A_response_is_read_as_its_case_expects(object wireCase)
    {
        var json = ((JsonNode)wireCase).AsObject();
        var operation = ChatsOperations.All.Single(operation => operation.Id == (string?)json["operation"]);
        _service.Reset();
        _service.Given(Request.Create().UsingAnyMethod()).RespondWith(ResponseOf(json));
        using var client = Clients.At(new Uri($"{_service.Url}/v2/"));
        ChatMessage? message = null;

        var exception = await Clients.FailureOfAsync(async () => message = await client.CallAsync(operation.IsRead, 10, 20, 30, Text));

        var expect = json["expect"]!.AsObject();
        Assert.That(json.Select(member => member.Key), Is.SubsetOf(["name", "operation", "status", "headers", "body", "expect"]));
        Assert.That((exception is not null, (exception as ChatsException)?.Operation ?? operation), Is.EqualTo((expect.ContainsKey("exception"), operation)));
        Assert.That(Violations(expect, (object?)exception ?? message), Is.Empty);
        Assert.That($"{exception}", Does.Not.Contain(Canary.Key).And.Not.Contain(Text));
        Assert.That(_service.LogEntries, Has.Count.EqualTo(1));
    }

    private static IResponseBuilder ResponseOf(JsonObject wireCase)
    {
        var response = Response.Create().WithStatusCode((int)wireCase["status"]!);
        foreach (var header in wireCase["headers"]?.AsObject() ?? [])
        {
            response = response.WithHeader(header.Key, (string)header.Value!);
        }

        return (string?)wireCase["body"] is { Length: > 0 } body ? response.WithBody(body) : response;
    }

    /// <summary>Compares a message, null or an exception with what a case expects. An unknown member is a violation too.</summary>
    private static IEnumerable<string> Violations(JsonObject expected, object? outcome) => expected.SelectMany(member => member.Key switch
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
