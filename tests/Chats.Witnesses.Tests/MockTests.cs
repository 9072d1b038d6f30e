using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

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

        var (result, failure, _) = await CallAsync(one.Operation, $"code={one.Status}, example={one.Example}");

        if (one.Status != 200)
        {
            AssertTold(failure, one.Operation, one.Status, ((YamlSequenceNode)one.Value["errors"]).Select(it => (Text(it["code"]), (string?)Text(it["message"]))));
            return;
        }

        Assert.That(failure, Is.Null);
        if (one.Operation.IsRead)
        {
            var message = one.Value["result"];
            AssertIs(
                result!,
                (Text(message["messageId"]), Text(message["createdAt"]), Text(message["sender"]), Text(message["message"])),
                ((YamlSequenceNode)message["payload"]).Select(file => (Text(file["name"]), Text(file["url"]), Text(file["size"]))));
        }
    }

    [Test]
    public async Task Invented_messages_are_read()
    {
        var ends = new HashSet<string>();
        await foreach (var (result, failure, json) in InventionsAsync(ChatsOperations.GetChatMessage, 200))
        {
            ends.Add(failure?.GetType().Name ?? "result");
            Assert.That(failure, (string?)json["status"] == "ERROR" ? Is.TypeOf<ChatsApiException>() : Is.Null, json.ToJsonString());
            if (result is not null)
            {
                var message = json["result"]!;
                AssertIs(
                    result,
                    ($"{message["messageId"]}", (string)message["createdAt"]!, (string)message["sender"]!, (string?)message["message"]),
                    message["payload"]?.AsArray().Select(file => ((string)file!["name"]!, (string)file["url"]!, $"{file["size"]}")));
            }
        }

        Assert.That(ends, Is.EquivalentTo(["result", nameof(ChatsApiException)]), "Prism invented no more than one status.");
    }

    [Test]
    public async Task An_invented_response_to_a_send_is_a_success_only_if_it_says_so()
    {
        var ends = new HashSet<string>();
        await foreach (var (_, failure, json) in InventionsAsync(ChatsOperations.SendMessageToChat, 200))
        {
            ends.Add(failure?.GetType().Name ?? "sent");
            Assert.That(failure, (string?)json["status"] == "OK" ? Is.Null : Is.TypeOf<ChatsApiException>(), json.ToJsonString());
            Assert.That(failure?.MayHaveBeenSent, Is.Not.False, json.ToJsonString());
        }

        Assert.That(ends, Is.EquivalentTo(["sent", nameof(ChatsApiException)]), "Prism invented no more than one status.");
    }

    [Test]
    public async Task Invented_errors_are_told([Values(400, 420, 500)] int status)
    {
        await foreach (var (_, failure, json) in InventionsAsync(ChatsOperations.SendMessageToChat, status))
        {
            AssertTold(
                failure,
                ChatsOperations.SendMessageToChat,
                status,
                (json["errors"]?.AsArray() ?? []).Select(one => ((string)one!["code"]!, (string?)one["message"])));
        }
    }

    private async IAsyncEnumerable<(ChatMessage? Result, ChatsException? Failure, JsonNode Json)> InventionsAsync(ChatsOperation operation, int status)
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var (result, failure, response) = await CallAsync(operation, $"code={status}, dynamic=true, seed={seed}");
            Assert.That(response.Status, Is.EqualTo(status));
            yield return (result, failure, JsonNode.Parse(response.Body)!);
        }
    }

    /// <summary>The result of a call, null for a send; or its failure; and Prism's response.</summary>
    private async Task<(ChatMessage? Result, ChatsException? Failure, WatchedCall Response)> CallAsync(ChatsOperation operation, string prefer)
    {
        _watch.Prefer = prefer;
        ChatMessage? result = null;
        ChatsException? failure = null;
        try
        {
            var call = operation.IsRead ? _client.GetChatMessageAsync(1, 2, 3) : _client.SendMessageToChatAsync(1, 2, "It is on its way.");
            await call;
            result = (call as Task<ChatMessage>)?.Result;
        }
        catch (ChatsException exception)
        {
            failure = exception;
        }

        Assert.That(_watch.Calls[^1].Violations, Is.Empty);
        return (result, failure, _watch.Calls[^1]);
    }

    private static void AssertTold(ChatsException? failure, ChatsOperation operation, int status, IEnumerable<(string, string?)> errors)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure, status == 420 ? Is.TypeOf<ChatsRateLimitException>() : Is.TypeOf<ChatsApiException>());
            Assert.That(((ChatsApiException)failure!).StatusCode, Is.EqualTo(status));
            Assert.That((failure.Operation, failure.MayHaveBeenSent), Is.EqualTo((operation, status == 500 && !operation.IsRead)));
            Assert.That(((ChatsApiException)failure).Errors.Select(error => (error.Code, error.Message)), Is.EqualTo(errors));
        }
    }

    private static void AssertIs(
        ChatMessage read, (string Id, string CreatedAt, string Sender, string? Message) expected, IEnumerable<(string, string, string)>? files)
    {
        Assert.That(
            (Invariant(read.MessageId), read.CreatedAt, read.Sender.ToString().ToUpperInvariant(), read.Message),
            Is.EqualTo((expected.Id, DateTimeOffset.Parse(expected.CreatedAt, CultureInfo.InvariantCulture), expected.Sender, expected.Message)));
        Assert.That(read.Payload?.Select(file => (file.Name, file.Url, Invariant(file.Size))), Is.EqualTo(files));
    }

    private static string Invariant(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
