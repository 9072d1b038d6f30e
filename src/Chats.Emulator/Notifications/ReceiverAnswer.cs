namespace YandexMarket.Chats.Emulator;

/// <summary>A receiver's answer, judged: see <see cref="NotificationAttempt"/>.</summary>
internal readonly record struct ReceiverAnswer(NotificationOutcome Outcome, int? Status, string? Problem)
{
    public static ReceiverAnswer Failed(int? status, string problem) => new(NotificationOutcome.Failed, status, problem);
}
