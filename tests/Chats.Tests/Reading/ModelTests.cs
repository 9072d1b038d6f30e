using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Tests.Reading;

/// <summary>The generated writers write what Newtonsoft.Json writes by the models' attributes: consumers may use either.</summary>
public sealed class ModelTests
{
    private static readonly DateTimeOffset _moment = new DateTimeOffset(2025, 1, 16, 10, 9, 49, TimeSpan.FromHours(3)).AddTicks(7590840);

    private static IEnumerable<TestCaseData> Models =>
    [
        Model(new ChatMessage
        {
            MessageId = long.MaxValue,
            CreatedAt = _moment,
            Sender = ChatMessageSender.Customer,
            Message = "Привет \"\\/ \u0001\u2028 \U0001F600 <>&'",
        }),
        Model(new ChatMessage { MessageId = 1, CreatedAt = DateTimeOffset.MinValue, Sender = ChatMessageSender.Partner, Message = "" }),
        Model(new ChatMessage
        {
            MessageId = 2,
            CreatedAt = _moment,
            Sender = ChatMessageSender.Market,
            Payload =
            [
                new ChatMessagePayload { Name = "", Url = "https://example.org/?a=b&c", Size = int.MaxValue },
                new ChatMessagePayload { Name = "b", Url = "u" },
            ],
        }),
        Model(new ApiResponse()),
        Model(new SendMessageToChatRequest { Message = "text" }),
        Model(new GetChatMessageResponse()),
        Model(new ErrorResponse
        {
            Status = ApiResponseStatus.Error,
            Errors = [new ApiError { Code = "A" }, new ApiError { Code = "B", Message = "" }],
        }),
    ];

    [TestCaseSource(nameof(Models))]
    public void A_model_is_written_as_Newtonsoft_Json_writes_it_and_Newtonsoft_Json_reads_it_back(object model)
    {
        var text = new StringBuilder();
        using (var writer = new JsonTextWriter(new StringWriter(text)))
        {
            ((IJsonModel)model).Write(writer);
        }

        var expected = JsonConvert.SerializeObject(model);
        Assert.That(JsonConvert.SerializeObject(JsonConvert.DeserializeObject(expected, model.GetType())), Is.EqualTo(expected));
        if (model.GetType().BaseType == typeof(object))
        {
            Assert.That(text.ToString(), Is.EqualTo(expected));
        }
        else
        {
            // Newtonsoft.Json begins with the members of the derived class.
            Assert.That(JToken.Parse(text.ToString()), Is.EqualTo(JToken.Parse(expected)).Using(JToken.EqualityComparer));
        }
    }

    [Test]
    public void An_unknown_enum_value_cannot_be_written()
    {
        using var writer = new JsonTextWriter(TextWriter.Null);

        Assert.That(
            () => ((IJsonModel)new ChatMessage { Sender = ChatMessageSender.Unknown }).Write(writer),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static TestCaseData Model(object model) => new TestCaseData(model).SetArgDisplayNames(JsonConvert.SerializeObject(model));
}
