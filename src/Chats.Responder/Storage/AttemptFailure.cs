namespace YandexMarket.Chats.Responder.Storage;

/// <summary>An attempt that failed, with nothing sent. The reason holds no text of a chat.</summary>
internal sealed record AttemptFailure(string Reason, bool IsTransient, TimeSpan? RetryAfter = null);
