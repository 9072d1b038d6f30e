namespace YandexMarket.Chats.Tests.Calling;

/// <summary>Wrong arguments are rejected before any request, and before a task is made.</summary>
public sealed class ArgumentTests : IDisposable
{
    private const string High = "\uD83D";
    private const string Low = "\uDE00";

    private readonly StubHandler _handler = new();

    public void Dispose() => _handler.Dispose();

    private static IEnumerable<TestCaseData> WrongTexts =>
    [
        Text("", "empty", "at least 1"),
        Text(new string('a', 4097), "4097 letters", "at most 4096"),
        Text(new string('a', 4095) + High + Low, "4096 characters of 4097 units", "at most 4096"),
        Text(High, "a high half alone", "surrogate"),
        Text(Low, "a low half alone", "surrogate"),
        Text("private" + High, "a high half at the end", "surrogate"),
        Text(Low + "private", "a low half at the start", "surrogate"),
        Text("private" + High + "a", "a high half before a letter", "surrogate"),
        Text(Low + High, "halves in the wrong order", "surrogate"),
        Text(High + High + Low, "a high half before a pair", "surrogate"),
        Text(High + Low + Low, "a low half after a pair", "surrogate"),
    ];

    private static IEnumerable<TestCaseData> RightTexts =>
    [
        Text("a", "a letter"),
        Text(" ", "a space"),
        Text("\0", "nul"),
        Text(new string('я', 4096), "4096 letters"),
        Text(string.Concat(Enumerable.Repeat(High + Low, 2048)), "2048 pairs"),
        Text(new string('a', 4094) + High + Low, "a pair at the end"),
        // A pair on every side of the edges of the small buffers.
        .. Enumerable.Range(80, 12).Select(length => Text(new string('a', length) + High + Low + "\uFFFF\0é\u2028\"", $"{length} letters and others")),
    ];

    [Test]
    public void A_number_below_its_minimum_is_rejected(
        [Values(0L, -1L, long.MinValue)] long value, [Values("businessId", "chatId", "messageId")] string wrong)
    {
        using var client = Clients.Over(_handler);
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

        Assert.That(_handler.Calls, Is.Zero);
    }

    [TestCaseSource(nameof(WrongTexts))]
    public void A_text_that_cannot_be_sent_unchanged_is_rejected_and_not_quoted(string text, string reason)
    {
        using var client = Clients.Over(_handler);

        Assert.That(
            () => { client.SendMessageToChatAsync(1, 2, text); },
            Throws.TypeOf<ArgumentException>().With.Property("ParamName").EqualTo("message")
                .And.Message.Contains(reason).And.Message.Not.Contains("private"));
        Assert.That(_handler.Calls, Is.Zero);
    }

    [TestCaseSource(nameof(RightTexts))]
    public async Task A_text_within_its_bounds_is_written_and_read_unchanged(string text)
    {
        using var writing = Clients.Over(_handler);
        await writing.SendMessageToChatAsync(1, long.MaxValue, text);
        var body = _handler.Requests.Single().Body!;
        using var reading = Clients.Over(new StubHandler(
            $$$"""{"status":"OK","result":{"messageId":1,"createdAt":"2025-01-16T10:09:49Z","sender":"MARKET",{{{body[1..]}}}}"""));

        Assert.That(body, Is.EqualTo(Newtonsoft.Json.JsonConvert.SerializeObject(new { message = text })));
        Assert.That((await reading.GetChatMessageAsync(1, 2, 3)).Message, Is.EqualTo(text));
    }

    [Test]
    public void Arguments_are_checked_before_scopes_and_tokens()
    {
        using var client = Clients.Over(_handler, options => options.GrantedScopes = []);

        Assert.That(
            () => { client.SendMessageToChatAsync(1, 2, null!, new CancellationToken(canceled: true)); },
            Throws.ArgumentNullException.With.Property("ParamName").EqualTo("message"));
    }

    private static TestCaseData Text(string text, string name, params string[] reason) =>
        new TestCaseData([text, .. reason]).SetArgDisplayNames(name);
}
