using System.Globalization;
using System.Text.Json.Nodes;
using YandexMarket.Chats.Emulator.Tests;

namespace YandexMarket.Chats.Witnesses.Tests.WireMock;

/// <summary>A business of WireMock's. Only the right requests match its stubs; to any other WireMock answers 404.</summary>
internal sealed class StubbedBusiness
{
    public const string Key = "ACMA:key-of-the-witnesses";
    public const string Text = "Уже в пути: \"завтра\" \U0001F69A";

    private const long ChatId = 9007199254740993;
    private const long MessageId = long.MaxValue;

    private readonly long _id = WireMockWitness.NextBusinessId();

    private string Path => string.Create(CultureInfo.InvariantCulture, $"/businesses/{_id}/chats/message");

    /// <summary>An answer that the operation takes for good.</summary>
    public static JsonObject Good(ChatsOperation operation) => new()
    {
        ["status"] = 200,
        ["headers"] = new JsonObject { ["Content-Type"] = "application/json" },
        ["body"] = operation.IsRead
            ? """{"status":"OK","result":{"messageId":7,"createdAt":"2025-11-21T10:20:30+03:00","sender":"CUSTOMER","message":"Где?"}}"""
            : """{"status":"OK"}""",
    };

    /// <summary>Stubs an operation; of a scenario, one step, which leads to the next.</summary>
    public Task StubAsync(ChatsOperation operation, JsonObject response, (string From, string To)? step = null)
    {
        var mapping = new JsonObject { ["request"] = Request(operation), ["response"] = response };
        if (step is { } states)
        {
            mapping["scenarioName"] = Path + operation.Id;
            mapping["requiredScenarioState"] = states.From;
            mapping["newScenarioState"] = states.To;
        }

        return WireMockWitness.Admin.StubAsync(mapping);
    }

    /// <summary>How many requests of the operation stand in WireMock's journal.</summary>
    public Task<int> SeenAsync(ChatsOperation operation) => WireMockWitness.Admin.CountAsync(operation.Method.Method, Path);

    /// <summary>Calls the operation as its stub expects it. A send has no result.</summary>
    public async Task<ChatMessage?> CallAsync(IChatsClient client, ChatsOperation operation)
    {
        if (operation.IsRead)
        {
            return await client.GetChatMessageAsync(_id, ChatId, MessageId);
        }

        await client.SendMessageToChatAsync(_id, ChatId, Text);
        return null;
    }

    /// <summary>How to reach WireMock, on a clock that only the test moves.</summary>
    public static ChatsClientOptions Options(ManualClock clock) => new()
    {
        ApiKey = Key,
        BaseAddress = WireMockWitness.Address,
        TimeProvider = clock,
    };

    private JsonObject Request(ChatsOperation operation)
    {
        var request = new JsonObject
        {
            ["method"] = operation.Method.Method,
            ["urlPath"] = Path,
            ["headers"] = new JsonObject { ["Api-Key"] = Equal(Key) },
            ["queryParameters"] = new JsonObject { ["chatId"] = Equal(Invariant(ChatId)) },
        };
        if (operation.IsRead)
        {
            request["queryParameters"]!["messageId"] = Equal(Invariant(MessageId));
        }
        else
        {
            request["headers"]!["Content-Type"] = new JsonObject { ["contains"] = "application/json" };
            request["bodyPatterns"] = new JsonArray(new JsonObject { ["equalToJson"] = new JsonObject { ["message"] = Text } });
        }

        return request;
    }

    private static JsonObject Equal(string value) => new() { ["equalTo"] = value };

    private static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);
}
