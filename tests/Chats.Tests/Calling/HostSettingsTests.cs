using Newtonsoft.Json;

namespace YandexMarket.Chats.Tests.Calling;

/// <summary>The host's settings for Newtonsoft.Json, which hold for the whole process, change nothing on the wire.</summary>
[NonParallelizable]
public sealed class HostSettingsTests
{
    private readonly Func<JsonSerializerSettings>? _before = JsonConvert.DefaultSettings;

    [SetUp]
    public void ChangeSettings() => JsonConvert.DefaultSettings = () => new JsonSerializerSettings
    {
        TypeNameHandling = TypeNameHandling.All,
        PreserveReferencesHandling = PreserveReferencesHandling.All,
        Formatting = Formatting.Indented,
        StringEscapeHandling = StringEscapeHandling.EscapeNonAscii,
        MissingMemberHandling = MissingMemberHandling.Error,
        DateTimeZoneHandling = DateTimeZoneHandling.Utc,
        MaxDepth = 1,
        ContractResolver = new Newtonsoft.Json.Serialization.CamelCasePropertyNamesContractResolver(),
        Converters = [new Shouting()],
    };

    [TearDown]
    public void RestoreSettings() => JsonConvert.DefaultSettings = _before;

    [Test]
    public async Task The_wire_stays_as_it_is()
    {
        var handler = new StubHandler(
            """{"new":1,"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49+03:00","sender":"PARTNER","message":"hello","payload":[{"name":"n","url":"u","size":1}]}}""");
        using var client = Clients.Over(handler);
        using var failing = Clients.Over(new StubHandler("""{"status":"ERROR","errors":[{"code":"CODE","message":"m","new":{"a":{"b":1}}}]}"""));

        await client.SendMessageToChatAsync(1, 2, "Привет");
        var message = await client.GetChatMessageAsync(1, 2, 3);
        var exception = await Assert.ThrowsAsync<ChatsApiException>(() => failing.CallAsync(read: false));

        Assert.That(JsonConvert.SerializeObject("whisper"), Is.EqualTo("\"SHOUT\""), "the host's settings are in force");
        Assert.That(handler.Requests[0].Body, Is.EqualTo("""{"message":"Привет"}"""));
        Assert.That((message.Message, message.CreatedAt.Offset), Is.EqualTo(("hello", TimeSpan.FromHours(3))));
        Assert.That(exception!.Errors.Select(error => (error.Code, error.Message)), Is.EqualTo([("CODE", "m")]));
    }

    private sealed class Shouting : JsonConverter<string>
    {
        public override string ReadJson(
            JsonReader reader, Type objectType, string? existingValue, bool hasExistingValue, JsonSerializer serializer) => "SHOUT";

        public override void WriteJson(JsonWriter writer, string? value, JsonSerializer serializer) => writer.WriteValue("SHOUT");
    }
}
