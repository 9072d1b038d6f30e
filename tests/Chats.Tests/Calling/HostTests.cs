using Newtonsoft.Json;

namespace YandexMarket.Chats.Tests.Calling;

/// <summary>The host's culture, and its settings for Newtonsoft.Json, which hold for the whole process, change nothing on the wire.</summary>
[NonParallelizable]
public sealed class HostTests
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
    };

    [TearDown]
    public void RestoreSettings() => JsonConvert.DefaultSettings = _before;

    [Test]
    public async Task The_hosts_culture_and_JSON_settings_change_nothing_on_the_wire()
    {
        var handler = new StubHandler(
            """{"new":1,"status":"OK","result":{"messageId":-1,"createdAt":"2025-01-16T10:09:49-03:00","sender":"PARTNER","message":"hello","payload":[{"name":"n","url":"u","size":1}]}}""");
        using var client = Clients.Over(handler);
        using var failing = Clients.Over((_, _) =>
        {
            var response = StubHandler.Json("""{"status":"ERROR","errors":[{"code":"CODE","message":"m","new":{"a":{"b":1}}}]}""");
            response.StatusCode = (HttpStatusCode)420;
            response.Headers.Add("X-RateLimit-Resource-Limit", "1000");
            response.Headers.Add("X-RateLimit-Resource-Until", "Wed, 09 Sep 2026 15:18:00 GMT");
            return Task.FromResult(response);
        });
        var strange = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        strange.NumberFormat.NegativeSign = "minus ";
        strange.NumberFormat.PositiveSign = "plus ";
        strange.NumberFormat.NativeDigits = ["٠", "١", "٢", "٣", "٤", "٥", "٦", "٧", "٨", "٩"];
        strange.NumberFormat.DigitSubstitution = DigitShapes.NativeNational;
        strange.DateTimeFormat.AbbreviatedMonthNames = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", ""];
        strange.DateTimeFormat.TimeSeparator = "'";
        CultureInfo.CurrentCulture = strange;

        await client.SendMessageToChatAsync(1, 2, "Привет");
        var message = await client.GetChatMessageAsync(1, 2, 3);
        var exception = await Assert.ThrowsAsync<ChatsRateLimitException>(() => failing.CallAsync(read: false));

        Assert.That(JsonConvert.SerializeObject("я"), Is.EqualTo("\"\\u044f\""), "the host's settings are in force");
        Assert.That(handler.Requests[0].Body, Is.EqualTo("""{"message":"Привет"}"""));
        Assert.That(handler.Requests[1].Line, Is.EqualTo("GET https://example.org/v2/businesses/1/chats/message?chatId=2&messageId=3"));
        Assert.That((message.MessageId, message.Message), Is.EqualTo((-1L, "hello")));
        Assert.That(message.CreatedAt.EqualsExact(new DateTimeOffset(2025, 1, 16, 10, 9, 49, TimeSpan.FromHours(-3))));
        Assert.That(exception!.Errors.Select(error => (error.Code, error.Message)), Is.EqualTo([("CODE", "m")]));
        Assert.That(
            (exception.RateLimit!.Limit, exception.RateLimit.ResetsAt), Is.EqualTo(((int?)1000, (DateTimeOffset?)new DateTimeOffset(2026, 9, 9, 15, 18, 0, TimeSpan.Zero))));
    }
}
