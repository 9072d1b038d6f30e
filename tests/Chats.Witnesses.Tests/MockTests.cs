using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Witnesses.Tests;

/// <summary>
/// Prism responds from the contract alone. First with every example in it; then with responses that it invents from the schemas, with
/// nulls wherever they are allowed, odd numbers and unknown members, where the same seed always gives the same response.
/// </summary>
[Slow]
internal sealed class MockTests
{
    private readonly Watch _watch = new();
    private HttpClient _http = null!;
    private ChatsClient _client = null!;

    private static IEnumerable<TestCaseData> Examples => ContractExample.All.Select(one => new TestCaseData(one).SetArgDisplayNames($"{one}"));

    [SetUp]
    public void Connect()
    {
        _http = new HttpClient(_watch) { Timeout = Until.Patience };
        _client = new ChatsClient(
            _http, new ChatsClientOptions { ApiKey = "key", BaseAddress = Witness.Mock.Address, TimeProvider = new ManualClock() });
    }

    [TearDown]
    public void Disconnect()
    {
        _client.Dispose();
        _http.Dispose();
    }

    [Test]
    public void The_contract_has_an_example_of_every_response() => Assert.That(
        ContractExample.All.Select(one => $"{one.Operation} {one.Status}"),
        Is.EquivalentTo(
            from operation in new[] { "getChatMessage", "sendMessageToChat" }
            from status in new[] { 200, 400, 401, 403, 404, 420, 500 }
            select $"{operation} {status}"));

    [TestCaseSource(nameof(Examples))]
    public async Task An_example_is_read(object example)
    {
        var one = (ContractExample)example;

        await CallAsync(one.Operation, one.Status, $"example={one.Example}");
    }

    [TestCase("getChatMessage", 200)]
    [TestCase("sendMessageToChat", 200)]
    [TestCase("sendMessageToChat", 400)]
    [TestCase("sendMessageToChat", 420)]
    [TestCase("sendMessageToChat", 500)]
    public async Task Invented_responses_are_read(string operation, int status)
    {
        var ends = new HashSet<string>();
        for (var seed = 1; seed <= 40; seed++)
        {
            var failure = await CallAsync(ChatsOperations.All.Single(one => one.Id == operation), status, $"dynamic=true, seed={seed}");
            ends.Add(failure?.GetType().Name ?? "result");
        }

        Assert.That(ends, Is.EquivalentTo(
            status == 200 ? ["result", nameof(ChatsApiException)] : new[] { status == 420 ? nameof(ChatsRateLimitException) : nameof(ChatsApiException) }),
            "Prism invented no more than one status.");
    }

    /// <summary>Calls, and compares the result or the failure with Prism's response.</summary>
    private async Task<ChatsException?> CallAsync(ChatsOperation operation, int status, string prefer)
    {
        _watch.Prefer = $"code={status}, {prefer}";
        ChatMessage? message = null;
        ChatsException? failure = null;
        try
        {
            var call = operation.IsRead ? _client.GetChatMessageAsync(1, 2, 3) : _client.SendMessageToChatAsync(1, 2, "It is on its way.");
            await call;
            message = (call as Task<ChatMessage>)?.Result;
        }
        catch (ChatsException exception)
        {
            failure = exception;
        }

        var response = _watch.Calls[^1];
        var json = JsonNode.Parse(response.Body)!;
        Assert.That(response.Violations, Is.Empty);
        Assert.That(response.Status, Is.EqualTo(status));
        if (failure is null)
        {
            // A read succeeds unless the response says ERROR, a send only if it says OK.
            Assert.That(((string?)json["status"], status), operation.IsRead ? Is.Not.EqualTo(("ERROR", 200)) : Is.EqualTo(("OK", 200)), response.Body);
            AssertIs(json["result"], message);
        }
        else
        {
            Assert.That(status != 200 || (operation.IsRead ? (string?)json["status"] == "ERROR" : (string?)json["status"] != "OK"), response.Body);
            AssertFailed(failure, operation, status, json);
        }

        return failure;
    }

    private static void AssertFailed(ChatsException failure, ChatsOperation operation, int status, JsonNode json)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure, status == 420 ? Is.TypeOf<ChatsRateLimitException>() : Is.TypeOf<ChatsApiException>());
            Assert.That(((ChatsApiException)failure).StatusCode, Is.EqualTo(status));
            Assert.That((failure.Operation, failure.MayHaveBeenSent), Is.EqualTo((operation, status is 200 or 500 && !operation.IsRead)));
            Assert.That(
                ((ChatsApiException)failure).Errors.Select(error => (error.Code, error.Message)),
                Is.EqualTo((json["errors"]?.AsArray() ?? []).Select(one => ((string)one!["code"]!, (string?)one["message"]))));
        }
    }

    private static void AssertIs(JsonNode? expected, ChatMessage? message)
    {
        Assert.That(message is null, Is.EqualTo(expected is null));
        if (message is not null)
        {
            Assert.That(
                (message.MessageId, message.CreatedAt, message.Sender.ToString().ToUpperInvariant(), message.Message),
                Is.EqualTo(((long)expected!["messageId"]!, (DateTimeOffset)expected["createdAt"]!, (string)expected["sender"]!, (string?)expected["message"])));
            Assert.That(
                message.Payload?.Select(file => (file.Name, file.Url, file.Size)),
                Is.EqualTo(expected["payload"]?.AsArray().Select(file => ((string)file!["name"]!, (string)file["url"]!, (long)file["size"]!))));
        }
    }
}
