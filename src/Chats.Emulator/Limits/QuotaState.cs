namespace YandexMarket.Chats.Emulator;

/// <summary>What the three X-RateLimit-Resource headers say.</summary>
internal readonly record struct QuotaState(int Limit, int Remaining, DateTimeOffset Until);
