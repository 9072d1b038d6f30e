using Newtonsoft.Json;

namespace YandexMarket.Chats.Tests.Calling;

/// <summary>Whatever the host has told Newtonsoft.Json to do everywhere, the wire stays as it is. Alone, because it tells so everywhere.</summary>
[NonParallelizable]
public sealed class HostSettingsTests : StubFixture
{
    private Func<JsonSerializerSettings>? _before;

    [SetUp]
    public void TellEverybody()
    {
        _before = JsonConvert.DefaultSettings;
        JsonConvert.DefaultSettings = () => new JsonSerializerSettings
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
    }

    [TearDown]
    public void TakeItBack() => JsonConvert.DefaultSettings = _before;

    [Test]
    public async Task The_wire_stays_as_it_is()
    {
        Stub.Answer(StubAnswer.Ok("""{"new":1,"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49+03:00","sender":"PARTNER","message":"hello","payload":[{"name":"n","url":"u","size":1}]}}"""));
        using var client = NewClient();

        await client.SendMessageToChatAsync(1, 2, "Привет");
        var message = await client.GetChatMessageAsync(1, 2, 3);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(JsonConvert.SerializeObject("whisper"), Is.EqualTo("\"SHOUT\""), "the settings of the host are in force");
            Assert.That(Stub.Requests[0].BodyText, Is.EqualTo("""{"message":"Привет"}"""));
            Assert.That(message.Message, Is.EqualTo("hello"));
            Assert.That(message.CreatedAt.Offset, Is.EqualTo(TimeSpan.FromHours(3)));
        }
    }

    [Test]
    public async Task An_error_stays_as_it_is()
    {
        Stub.Answer(StubAnswer.Json(400, """{"new":1,"errors":[{"code":"CODE","message":"m","new":{"a":{"b":1}}}]}"""));
        using var client = NewClient();

        var exception = await Assert.ThrowsAsync<ChatsApiException>(() => client.CallAsync(read: false));

        Assert.That(exception!.Errors.Select(error => (error.Code, error.Message)), Is.EqualTo([("CODE", "m")]));
    }

    private sealed class Shouting : JsonConverter<string>
    {
        public override string ReadJson(
            JsonReader reader, Type objectType, string? existingValue, bool hasExistingValue, JsonSerializer serializer) => "SHOUT";

        public override void WriteJson(JsonWriter writer, string? value, JsonSerializer serializer) => writer.WriteValue("SHOUT");
    }
}
