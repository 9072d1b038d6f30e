using Newtonsoft.Json;

namespace YandexMarket.Chats.Tests.Reading;

/// <summary>Newtonsoft.Json can write the models, by their attributes, and read them back.</summary>
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
    public void Newtonsoft_Json_reads_back_what_it_writes(object model)
    {
        var text = JsonConvert.SerializeObject(model);

        Assert.That(JsonConvert.SerializeObject(JsonConvert.DeserializeObject(text, model.GetType())), Is.EqualTo(text));
    }

    private static TestCaseData Model(object model) => new TestCaseData(model).SetArgDisplayNames(JsonConvert.SerializeObject(model));
}
