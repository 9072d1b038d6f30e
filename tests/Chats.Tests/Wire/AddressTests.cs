namespace YandexMarket.Chats.Tests.Wire;

/// <summary>The base address, in every way in which the pages and the people write it.</summary>
public sealed class AddressTests : StubFixture
{
    [TestCase("", "")]
    [TestCase("/", "")]
    [TestCase("v2", "/v2")]
    [TestCase("v2/", "/v2")]
    [TestCase("a%20proxy/v2", "/a%20proxy/v2")]
    [TestCase("a%2Fproxy/v2/", "/a%2Fproxy/v2")]
    public async Task The_last_slash_and_the_version_are_the_caller_s_choice(string given, string prefix)
    {
        Stub.Answer(StubAnswer.Ok("""{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}"""));
        var root = Stub.BaseAddress.GetLeftPart(UriPartial.Authority);
        using var client = NewClient(options => options.BaseAddress = new Uri(given is "" or "/" ? root + given : $"{root}/{given}"));

        await client.GetChatMessageAsync(1, 2, 3);
        await client.SendMessageToChatAsync(1, 2, "text");

        Assert.That(
            Stub.Requests.Select(request => $"{request.Method} {request.Target}"),
            Is.EqualTo([$"GET {prefix}/businesses/1/chats/message?chatId=2&messageId=3", $"POST {prefix}/businesses/1/chats/message?chatId=2"]));
    }

    [Test]
    public async Task Both_operations_carry_the_key_and_the_name_of_the_program_and_only_the_send_has_a_body()
    {
        Stub.Answer(StubAnswer.Ok("""{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}"""));
        using var client = NewClient(options => options.Integration = "shop/1");

        await client.GetChatMessageAsync(1, 2, 3);
        await client.SendMessageToChatAsync(1, 2, "text");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Stub.Requests.Select(request => request.Header("Api-Key")), Is.All.EqualTo(Key));
            Assert.That(Stub.Requests.Select(request => request.Header("X-Market-Integration")), Is.All.EqualTo("shop/1"));
            Assert.That(Stub.Requests.Select(request => request.Header("Accept")), Is.All.EqualTo("application/json"));
            Assert.That(Stub.Requests.Select(request => request.Header("Authorization")), Is.All.Empty);
            Assert.That(Stub.Requests.Select(request => request.BodyText), Is.EqualTo(["", """{"message":"text"}"""]));
            Assert.That(Stub.Requests.Select(request => request.Header("Content-Type")), Is.EqualTo(["", "application/json"]));
        }
    }
}
