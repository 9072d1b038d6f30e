using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Tests.Calling;

/// <summary>
/// The client and the emulator share no code, and each is written from the documentation: here one can contradict the other. What the emulator
/// refuses is in the agreement run.
/// </summary>
public sealed class ConversationTests
{
    private const string Question = "Где моя посылка? \U0001F600";
    private const string Answer = "Уже в пути: \"завтра\"\n\U0001F69A";

    [Test]
    public async Task A_question_is_read_and_answered_until_the_quota_is_used_up_and_in_the_next_hour_again()
    {
        var clock = new ManualClock();
        await using var emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions { TimeProvider = clock, HourlyQuota = 2 });
        emulator.AddKey(Canary.Key, "communication");
        var chat = emulator.AddBusiness(1).AddChat(2);
        var id = chat.Receive(Question, new ChatAttachment("фото.jpg", "https://example.org/1?a=b", 12345)).Id;
        using var client = Clients.At(emulator.BaseAddress);

        var question = await client.GetChatMessageAsync(1, 2, id);
        await client.SendMessageToChatAsync(1, 2, Answer);
        var answer = await client.GetChatMessageAsync(1, 2, chat.Messages[^1].Id);
        await client.SendMessageToChatAsync(1, 2, "text");
        var exception = await Assert.ThrowsAsync<ChatsRateLimitException>(() => client.SendMessageToChatAsync(1, 2, "one too many"));
        var taken = emulator.Requests.TotalDelivered;
        clock.Advance(TimeSpan.FromHours(1));
        await client.SendMessageToChatAsync(1, 2, "in the next hour");

        Assert.That((question.MessageId, question.Sender, question.Message), Is.EqualTo((id, ChatMessageSender.Customer, Question)));
        Assert.That(question.CreatedAt.ToUniversalTime(), Is.EqualTo(new ManualClock().GetUtcNow()));
        Assert.That(question.Payload!.Select(file => (file.Name, file.Url, file.Size)), Is.EqualTo([("фото.jpg", "https://example.org/1?a=b", 12345)]));
        Assert.That((answer.Sender, answer.Message, answer.Payload is null), Is.EqualTo((ChatMessageSender.Partner, Answer, true)));
        Assert.That((exception!.StatusCode, exception.Limit, exception.MayHaveBeenSent, taken), Is.EqualTo((420, ChatsLimitKind.Hourly, false, 2)));
        Assert.That((exception.RateLimit!.Limit, exception.RateLimit.Remaining), Is.EqualTo(((int?)2, (int?)0)));
        Assert.That(exception.RateLimit.ResetsAt, Is.EqualTo(new DateTimeOffset(2025, 11, 21, 11, 0, 0, TimeSpan.Zero)));
        Assert.That(exception.TraceParent, Is.EqualTo(emulator.Requests.Single(request => request.Status == 420).TraceParent));
        Assert.That(chat.Messages[^1].Text, Is.EqualTo("in the next hour"));
    }
}
