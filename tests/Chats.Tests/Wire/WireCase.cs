using System.Text;
using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Tests.Wire;

/// <summary>One answer of the service and what the client must make of it, as a file of Data has it.</summary>
public sealed class WireCase
{
    private static readonly string[] _members = ["name", "operation", "status", "headers", "body", "expect"];

    private WireCase(JsonObject json)
    {
        Name = json["name"]!.GetValue<string>();
        if (json.Select(member => member.Key).Except(_members).FirstOrDefault() is { } stranger)
        {
            throw new InvalidDataException($"The case '{Name}' has a member '{stranger}' that the tests do not know.");
        }

        var id = json["operation"]!.GetValue<string>();
        Operation = ChatsOperations.All.Single(operation => operation.Id == id);
        var headers = json["headers"]?.AsObject() ?? [];
        Answer = new StubAnswer(
            json["status"]!.GetValue<int>(),
            [.. headers.Select(header => KeyValuePair.Create(header.Key, header.Value!.GetValue<string>()))],
            Encoding.UTF8.GetBytes(json["body"]?.GetValue<string>() ?? ""));
        Expect = json["expect"]!.AsObject();
    }

    public string Name { get; }

    public ChatsOperation Operation { get; }

    internal StubAnswer Answer { get; }

    internal JsonObject Expect { get; }

    /// <summary>The cases of a file, each as a test of its name.</summary>
    public static IEnumerable<TestCaseData> Read(string file) =>
        from json in JsonNode.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Data", file)))!["cases"]!.AsArray()
        let wire = new WireCase(json!.AsObject())
        select new TestCaseData(wire).SetName($"{wire.Operation}: {wire.Name}");

    /// <summary>A case that stands in code.</summary>
    internal static WireCase Of(string json) => new(JsonNode.Parse(json)!.AsObject());

    /// <summary>Makes the call and gives what came of it: the message, null for a text that was sent, or the exception.</summary>
    internal async Task<object?> CallAsync(IChatsClient client)
    {
        try
        {
            if (Operation == ChatsOperations.GetChatMessage)
            {
                return await client.GetChatMessageAsync(10, 20, 30);
            }

            await client.SendMessageToChatAsync(10, 20, "A text for nobody");
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
