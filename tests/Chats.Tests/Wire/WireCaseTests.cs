using System.Text;
using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Tests.Wire;

/// <summary>The responses of Data over a socket, each with what the client must make of it.</summary>
public sealed class WireCaseTests
{
    private const string Text = "A text for nobody";

    private static IEnumerable<TestCaseData> Cases =>
        from file in new[] { "wire-cases.json", "wire-cases.more.json" }
        from json in JsonNode.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Data", file)))!["cases"]!.AsArray()
        select new TestCaseData(json).SetName($"{json["operation"]}: {json["name"]}");

    [TestCaseSource(nameof(Cases))]
    public async Task A_response_is_understood_as_its_case_says(object wireCase)
    {
        var json = ((JsonNode)wireCase).AsObject();
        var operation = ChatsOperations.All.Single(operation => operation.Id == (string?)json["operation"]);
        await using var server = RawServer.Responding(ResponseOf(json));
        using var client = Clients.At(server.Address);
        ChatMessage? message = null;

        var exception = await Calls.FailureOfAsync(async () =>
        {
            if (operation.IsRead)
            {
                message = await client.GetChatMessageAsync(10, 20, 30);
            }
            else
            {
                await client.SendMessageToChatAsync(10, 20, Text);
            }
        });

        var expect = json["expect"]!.AsObject();
        Assert.That(json.Select(member => member.Key), Is.SubsetOf(["name", "operation", "status", "headers", "body", "expect"]));
        Assert.That((exception is not null, (exception as ChatsException)?.Operation ?? operation), Is.EqualTo((expect.ContainsKey("exception"), operation)));
        Assert.That(Expectation.Violations(expect, (object?)exception ?? message), Is.Empty);
        Assert.That($"{exception}", Does.Not.Contain(Clients.Key).And.Not.Contain(Text));
        Assert.That(server.Record.Complete, Is.EqualTo(1));
    }

    private static string ResponseOf(JsonObject wireCase)
    {
        var body = (string?)wireCase["body"] ?? "";
        var headers = wireCase["headers"]?.AsObject().Select(header => $"{header.Key}: {header.Value}\r\n") ?? [];
        return $"HTTP/1.1 {wireCase["status"]} A\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{string.Concat(headers)}\r\n{body}";
    }
}
