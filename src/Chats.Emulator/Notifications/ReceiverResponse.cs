namespace YandexMarket.Chats.Emulator;

/// <summary>A receiver's response, judged: see <see cref="NotificationAttempt"/>.</summary>
internal readonly record struct ReceiverResponse(NotificationOutcome Outcome, int? Status, string? Problem, string? Body, TimeSpan Duration)
{
    public static ReceiverResponse Failed(int? status, string problem, string? body = null) => new(NotificationOutcome.Failed, status, problem, body, default);
}
