namespace YandexMarket.Chats.Tests.Calling;

/// <summary>Wrong arguments are refused before any request, and before a task is made.</summary>
public sealed class ArgumentTests : StubFixture
{
    private const string High = "\uD83D";
    private const string Low = "\uDE00";

    private static IEnumerable<TestCaseData> WrongNumbers =>
        from value in new[] { 0L, -1L, long.MinValue }
        from wrong in new[] { "businessId", "chatId", "messageId" }
        select new TestCaseData(wrong, value);

    private static IEnumerable<TestCaseData> WrongTexts =>
    [
        new TestCaseData("", "at least 1").SetArgDisplayNames("empty"),
        new TestCaseData(new string('a', 4097), "at most 4096").SetArgDisplayNames("4097 letters"),
        new TestCaseData(new string('a', 4095) + High + Low, "at most 4096").SetArgDisplayNames("4096 characters of 4097 units"),
        new TestCaseData(High, "surrogate").SetArgDisplayNames("a high half alone"),
        new TestCaseData(Low, "surrogate").SetArgDisplayNames("a low half alone"),
        new TestCaseData("private" + High, "surrogate").SetArgDisplayNames("a high half at the end"),
        new TestCaseData(Low + "private", "surrogate").SetArgDisplayNames("a low half at the start"),
        new TestCaseData("private" + High + "a", "surrogate").SetArgDisplayNames("a high half before a letter"),
        new TestCaseData(Low + High, "surrogate").SetArgDisplayNames("halves in the wrong order"),
        new TestCaseData(High + High + Low, "surrogate").SetArgDisplayNames("a high half before a pair"),
        new TestCaseData(High + Low + Low, "surrogate").SetArgDisplayNames("a low half after a pair"),
    ];

    private static IEnumerable<TestCaseData> RightTexts =>
    [
        new TestCaseData("a"),
        new TestCaseData(" "),
        new TestCaseData("\0").SetArgDisplayNames("nul"),
        new TestCaseData(new string('я', 4096)).SetArgDisplayNames("4096 letters"),
        new TestCaseData(string.Concat(Enumerable.Repeat(High + Low, 2048))).SetArgDisplayNames("2048 pairs"),
        new TestCaseData(new string('a', 4094) + High + Low).SetArgDisplayNames("a pair at the end"),
    ];

    [SetUp]
    public void Answer() => Stub.Answer(StubAnswer.Ok("""{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}"""));

    [TestCaseSource(nameof(WrongNumbers))]
    public void A_number_below_its_bound_is_refused(string wrong, long value)
    {
        using var client = NewClient();
        long Of(string name) => name == wrong ? value : 1;

        // The call itself throws: the task need not be awaited.
        Action read = () => client.GetChatMessageAsync(Of("businessId"), Of("chatId"), Of("messageId"));
        Action send = () => client.SendMessageToChatAsync(Of("businessId"), Of("chatId"), "text");
        foreach (var call in wrong == "messageId" ? [read] : new[] { read, send })
        {
            Assert.That(
                call,
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(wrong)
                    .And.Property("ActualValue").EqualTo(value).And.Message.Contains($"{wrong} must be at least 1"));
        }

        Assert.That(Stub.Requests, Is.Empty);
    }

    [TestCaseSource(nameof(WrongTexts))]
    public void A_text_that_cannot_be_sent_unchanged_is_refused_and_not_quoted(string text, string reason)
    {
        using var client = NewClient();

        Assert.That(
            () => { client.SendMessageToChatAsync(1, 2, text); },
            Throws.TypeOf<ArgumentException>().With.Property("ParamName").EqualTo("message")
                .And.Message.Contains(reason).And.Message.Not.Contains("private"));
        Assert.That(Stub.Requests, Is.Empty);
    }

    [Test]
    public void A_text_that_is_null_is_refused()
    {
        using var client = NewClient();

        Assert.That(
            () => { client.SendMessageToChatAsync(1, 2, null!); }, Throws.ArgumentNullException.With.Property("ParamName").EqualTo("message"));
        Assert.That(Stub.Requests, Is.Empty);
    }

    [TestCaseSource(nameof(RightTexts))]
    public async Task A_text_just_within_its_bounds_arrives_unchanged(string text)
    {
        using var client = NewClient();

        await client.SendMessageToChatAsync(1, long.MaxValue, text);

        var body = System.Text.Json.JsonDocument.Parse(Stub.Requests.Single().Body);
        Assert.That(body.RootElement.GetProperty("message").GetString(), Is.EqualTo(text));
    }

    [Test]
    public void Arguments_are_checked_before_scopes_and_tokens()
    {
        using var client = NewClient(options => options.GrantedScopes = []);

        Assert.That(() => { client.GetChatMessageAsync(0, 1, 1, new CancellationToken(canceled: true)); }, Throws.InstanceOf<ArgumentException>());
    }
}
