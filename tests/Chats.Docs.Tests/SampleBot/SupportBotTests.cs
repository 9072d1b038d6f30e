using YandexMarket.Chats.Emulator;
using YandexMarket.Chats.Tests.Agreement;

namespace YandexMarket.Chats.Docs.Tests.SampleBot;

/// <summary>The sample that the README shows keeps its promise: each buyer gets one response, or a human is told the truth.</summary>
public class SupportBotTests
{
    private const int Questions = 200;

    private static int Seed => Seeds.Seed;

    [Test]
    public async Task A_question_is_read_and_answered()
    {
        await using var stage = await BotStage.BuildAsync();

        var question = stage.Chats[1].Receive("Where is my order?");
        await stage.SettleAsync();

        Assert.That(stage.Chats[1].Messages[^1].Text, Is.EqualTo($"Thank you for \"Where is my order?\"! (No. 2-{question.Id})"));
        Assert.That(stage.Bot.ForHumans(TimeSpan.Zero), Is.Empty);
    }

    [TestCase(0.3)]
    [TestCase(0.7)]
    public async Task Whatever_fails_each_question_is_answered_once_or_a_human_knows(double faultRate)
    {
        await using var stage = await BotStage.BuildAsync(quota: 100);

        var questions = await PlayAsync(stage, faultRate);

        var forHumans = stage.Bot.ForHumans(TimeSpan.Zero).ToLookup(it => it.MessageId);
        var sends = stage.Emulator.Requests.Where(request => request.Operation == EmulatedOperation.SendMessageToChat).ToArray();
        var lost = sends.Count(request => request is { WasTaken: true, Fault: not null and not { Kind: ChatsFaultKind.SlowDrip } });
        await TestContext.Out.WriteLineAsync(
            $"{Questions} questions, {faultRate:P0} faults, seed {Seed}: {stage.Emulator.Requests.Total} calls, {stage.Emulator.Faults.Struck} struck; " +
            $"{questions.Count(question => BotStage.AnswersTo(question) == 1)} answered, {lost} of them with their answer lost; {forHumans.Count} for humans");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Wrongs(stage, questions), Is.Empty, $"seed {Seed}");
            Assert.That(lost, Is.Positive, "no response was lost: the proof was not needed");
            Assert.That(forHumans, Is.Not.Empty, "nothing was uncertain");
            Assert.That(stage.Emulator.Requests.Count(request => request.Status == 420), Is.Positive, "the quota was never used up");
        }
    }

    [Test]
    public async Task A_client_that_denies_what_was_taken_makes_the_bot_answer_twice_and_it_is_seen()
    {
        await using var stage = await BotStage.BuildAsync(client => new LyingClient(client, truth => new Claim(truth, mayHaveBeenSent: false)));

        var questions = await PlayAsync(stage, 0.3);

        Assert.That(Wrongs(stage, questions), Has.Some.Contains("2 answers"));
    }

    [Test]
    public async Task A_client_that_hides_its_failures_makes_the_bot_lose_answers_and_it_is_seen()
    {
        await using var stage = await BotStage.BuildAsync(client => new LyingClient(client, truth => truth.Operation.IsRead ? truth : null));

        var questions = await PlayAsync(stage, 0.3);

        Assert.That(Wrongs(stage, questions), Has.Some.Contains("0 answers, nobody told"));
    }

    [Test]
    public async Task An_answer_whose_answer_was_lost_is_proved_by_its_own_notification()
    {
        await using var stage = await BotStage.BuildAsync();
        stage.Emulator.Faults.Next(ChatsFault.ResponseLost, operation: EmulatedOperation.SendMessageToChat);

        var question = stage.Chats[0].Receive("Hello");
        await stage.SettleAsync();

        Assert.That((BotStage.AnswersTo(question), stage.Bot.ForHumans(TimeSpan.Zero)), Is.EqualTo((1, Array.Empty<(long, long, string)>())));
    }

    [Test]
    public async Task An_answer_without_proof_is_for_a_human_once_patience_ends_and_is_not_sent_again()
    {
        await using var stage = await BotStage.BuildAsync();
        stage.Emulator.Faults.Next(ChatsFault.ConnectionReset, operation: EmulatedOperation.SendMessageToChat);

        var question = stage.Chats[0].Receive("Hello");
        await stage.SettleAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stage.Bot.ForHumans(TimeSpan.FromMinutes(5)), Is.Empty);
            stage.Pass(TimeSpan.FromMinutes(5));
            Assert.That(stage.Bot.ForHumans(TimeSpan.FromMinutes(5)), Is.EqualTo(new[] { (1L, question.Id, "It may have been answered: look into the chat.") }));
            Assert.That(stage.Emulator.Requests.Count(request => request.Method == "POST"), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task An_answer_that_is_refused_to_the_end_is_for_a_human_with_the_reason()
    {
        await using var stage = await BotStage.BuildAsync();
        stage.Emulator.AddKey("key-of-the-bot", ChatsScopes.AllMethodsReadOnly);

        stage.Chats[0].Receive("Hello");
        await stage.SettleAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stage.Bot.ForHumans(TimeSpan.Zero).Single().Why, Does.StartWith("It was not answered. ").And.Contain("403"));
            Assert.That(stage.Emulator.Requests.Count(request => request.Status == 403), Is.EqualTo(10));
        }
    }

    [Test]
    public async Task Duplicates_of_a_notification_are_dropped()
    {
        await using var stage = await BotStage.BuildAsync();
        stage.Emulator.Notifications.Copies = 3;

        var question = stage.Chats[0].Receive("Hello");
        await stage.SettleAsync();
        stage.Emulator.Notifications.Resend(question);
        await stage.SettleAsync();

        Assert.That(stage.Emulator.Notifications.Attempts, Has.Count.EqualTo(7), "three of the question, three of the response, one more");
        Assert.That(BotStage.AnswersTo(question), Is.EqualTo(1));
    }

    [TestCase("PARTNER")]
    [TestCase("MARKET")]
    [TestCase("SUPPORT")]
    [TestCase("COURIER")]
    public async Task Only_buyers_are_answered(string sender)
    {
        await using var stage = await BotStage.BuildAsync();

        stage.Chats[0].AddMessage(new EmulatedSender(sender), "Hello");
        await stage.SettleAsync();

        Assert.That(stage.Emulator.Requests.Count(request => request.Status == 200), Is.EqualTo(1), "it was read");
        Assert.That(stage.Chats[0].Messages, Has.Count.EqualTo(1), "and not answered");
    }

    [Test]
    public async Task A_ping_is_answered()
    {
        await using var stage = await BotStage.BuildAsync();

        Assert.That((await stage.Emulator.Notifications.PingAsync()).Outcome, Is.EqualTo(NotificationOutcome.Accepted));
    }

    private static async Task<EmulatedMessage[]> PlayAsync(BotStage stage, double faultRate)
    {
        stage.Emulator.Notifications.Copies = 2;
        stage.Emulator.Faults.Random(Seed, faultRate, [
            .. ChatsFault.All, ChatsFault.Stall, ChatsFault.Stall.AfterTaking(), ChatsFault.SlowDrip.For(TimeSpan.Zero)]);
        var dice = new Random(Seed);
        EmulatedMessage[] questions = [.. Enumerable.Range(1, Questions).Select(i => stage.Chats[dice.Next(stage.Chats.Count)].Receive($"question {i}"))];
        await stage.SettleAsync();
        return questions;
    }

    /// <summary>Every question has one answer in its chat; or it has none, or perhaps one, and a human is told so.</summary>
    private static string[] Wrongs(BotStage stage, EmulatedMessage[] questions)
    {
        var forHumans = stage.Bot.ForHumans(TimeSpan.Zero).ToLookup(it => (it.ChatId, it.MessageId), it => it.Why);
        return
        [
            .. from question in questions
               let answers = BotStage.AnswersTo(question)
               let told = string.Join(' ', forHumans[(question.Chat.Id, question.Id)])
               let isRight = told switch
               {
                   "" => answers == 1,
                   "It may have been answered: look into the chat." => answers <= 1,
                   _ => answers == 0 && told.StartsWith("It was not answered. ", StringComparison.Ordinal),
               }
               where !isRight
               select $"{question}: {answers} answers, {(told.Length > 0 ? told : "nobody told")}",
        ];
    }
}
