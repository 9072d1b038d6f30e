using System.Text;
using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Tests.Wire;

/// <summary>The samples of the two methods' documentation.</summary>
public sealed class SampleTests : StubFixture
{
    [Test]
    public async Task The_sample_of_a_message_is_read()
    {
        Stub.Answer(StubAnswer.Ok(Sample("message.json")));
        using var client = NewClient();

        var message = await client.GetChatMessageAsync(1, 2, 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((message.MessageId, message.Sender, message.Message), Is.EqualTo((1L, ChatMessageSender.Partner, "example")));
            Assert.That(message.CreatedAt.EqualsExact(new DateTimeOffset(2017, 11, 21, 0, 0, 0, TimeSpan.FromHours(3))));
            Assert.That(message.Payload!.Select(file => (file.Name, file.Url, file.Size)), Is.EqualTo([("example", "example", 0)]));
        }
    }

    [Test]
    public async Task The_sample_of_a_text_is_what_is_sent_and_the_sample_of_an_answer_ends_it()
    {
        Stub.Answer(StubAnswer.Ok(Sample("sent.json")));
        using var client = NewClient();

        await client.SendMessageToChatAsync(1, 2, "string");

        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(Stub.Requests.Single().Body), JsonNode.Parse(Sample("text.json"))));
    }

    [Test]
    public async Task The_samples_of_errors_are_errors_though_they_say_OK(
        [Values(400, 401, 403, 404, 420, 500)] int status, [Values("error.json", "error.string.json")] string sample, [Values] bool read)
    {
        Stub.Answer(StubAnswer.Json(status, Sample(sample)));
        using var client = NewClient();

        var exception = await Assert.CatchAsync<ChatsApiException>(
            () => read ? client.GetChatMessageAsync(1, 2, 3) : client.SendMessageToChatAsync(1, 2, "text"));

        var word = sample == "error.json" ? "example" : "string";
        Assert.That(exception!.StatusCode, Is.EqualTo(status));
        Assert.That(exception.Errors.Select(error => (error.Code, error.Message)), Is.EqualTo([(word, (string?)word)]));
    }

    private static string Sample(string name) =>
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Data", "samples", name), Encoding.UTF8);
}
