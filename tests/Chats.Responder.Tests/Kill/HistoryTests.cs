using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Tests.Kill;

/// <summary>The checker finds each kind of violation.</summary>
public sealed class HistoryTests
{
    [TestCase(true, 1, "Sent")]
    [TestCase(false, 0, "NoReply")]
    [TestCase(true, 0, "NeedsAttention")]
    [TestCase(true, 1, "NeedsAttention")]
    [TestCase(false, 0, "NeedsAttention")]
    public void Right(bool wants, int responses, string state) => Assert.That(Check(wants, responses, state), Is.Empty);

    [TestCase(true, 2, "Sent", "twice")]
    [TestCase(true, 2, "NeedsAttention", "twice")]
    [TestCase(true, 0, null, "lost")]
    [TestCase(true, 0, "Received", "limbo")]
    [TestCase(true, 1, "Answering", "limbo")]
    [TestCase(true, 1, "InDoubt", "limbo")]
    [TestCase(true, 0, "Sent", "has nothing")]
    [TestCase(true, 0, "NoReply", "none where one is")]
    [TestCase(false, 1, "NoReply", "none is wanted")]
    public void Wrong(bool wants, int responses, string? state, string words) =>
        Assert.That(Check(wants, responses, state), Has.One.Contains(words));

    private static IEnumerable<string> Check(bool wants, int responses, string? state) =>
        History.Violations([new Fate(1, wants, responses, state is null ? null : Enum.Parse<MessageState>(state))]);
}
