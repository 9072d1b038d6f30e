using System.Globalization;
using System.Text.Json.Nodes;
using YandexMarket.Chats.Witnesses.Tests.Prism;

namespace YandexMarket.Chats.Witnesses.Tests.PrismMock;

/// <summary>
/// Prism invents answers from the schemas alone, with nulls wherever they are allowed, odd numbers and members that nobody knows; the same
/// seed always gives the same answer. The client reads of each what another JSON reader finds in it.
/// </summary>
[Slow]
internal sealed class InventionTests
{
    private const int Count = 40;

    [Test]
    public async Task Invented_messages_are_read()
    {
        var ends = new HashSet<string>();
        await foreach (var (result, failure, answer) in AnswersAsync(ChatsOperations.GetChatMessage, 200))
        {
            var json = JsonNode.Parse(answer.Body)!;
            ends.Add(failure?.GetType().Name ?? "result");
            if ((string?)json["status"] == "ERROR")
            {
                Assert.That(failure, Is.TypeOf<ChatsApiException>(), answer.Body);
            }
            else
            {
                Assert.That(failure, Is.Null, answer.Body);
                AssertIs(result!, json["result"]!);
            }
        }

        Assert.That(ends, Is.EquivalentTo(["result", nameof(ChatsApiException)]), "Prism invented no more than one status.");
    }

    [Test]
    public async Task Invented_answers_to_a_send_are_success_only_if_they_say_so()
    {
        var ends = new HashSet<string>();
        await foreach (var (_, failure, answer) in AnswersAsync(ChatsOperations.SendMessageToChat, 200))
        {
            var status = (string?)JsonNode.Parse(answer.Body)!["status"];
            ends.Add(failure?.GetType().Name ?? "sent");
            Assert.That(failure?.GetType(), Is.EqualTo(status == "OK" ? null : typeof(ChatsApiException)), answer.Body);
            Assert.That(failure?.MayHaveBeenSent, Is.Not.False, answer.Body);
        }

        Assert.That(ends, Is.EquivalentTo(["sent", nameof(ChatsApiException)]), "Prism invented no more than one status.");
    }

    [Test]
    public async Task Invented_errors_are_told([Values(400, 420, 500)] int status)
    {
        await foreach (var (_, failure, answer) in AnswersAsync(ChatsOperations.SendMessageToChat, status))
        {
            var error = (ChatsApiException)failure!;
            var told = JsonNode.Parse(answer.Body)!["errors"]?.AsArray() ?? [];
            Assert.That((error.StatusCode, error.MayHaveBeenSent), Is.EqualTo((status, status == 500)), answer.Body);
            Assert.That(
                error.Errors.Select(one => (one.Code, one.Message)),
                Is.EqualTo(told.Select(one => ((string)one!["code"]!, (string?)one["message"]))),
                answer.Body);
        }
    }

    private static async IAsyncEnumerable<(ChatMessage? Result, ChatsException? Failure, WatchedCall Answer)> AnswersAsync(
        ChatsOperation operation, int status)
    {
        using var client = new MockedClient();
        for (var seed = 1; seed <= Count; seed++)
        {
            var call = await client.CallAsync(operation, $"code={status}, dynamic=true, seed={seed}");
            Assert.That(call.Answer.Status, Is.EqualTo(status));
            yield return call;
        }
    }

    private static void AssertIs(ChatMessage result, JsonNode json)
    {
        Assert.That(
            (result.MessageId, result.CreatedAt, result.Sender.ToString().ToUpperInvariant(), result.Message),
            Is.EqualTo((
                (long)json["messageId"]!,
                DateTimeOffset.Parse((string)json["createdAt"]!, CultureInfo.InvariantCulture),
                (string)json["sender"]!,
                (string?)json["message"])),
            json.ToJsonString());
        Assert.That(
            result.Payload?.Select(file => (file.Name, file.Url, file.Size)),
            Is.EqualTo(json["payload"]?.AsArray().Select(file => ((string)file!["name"]!, (string)file["url"]!, (long)file["size"]!))),
            json.ToJsonString());
    }
}
