namespace YandexMarket.Chats.Hosting;

/// <summary>What is left of one quota.</summary>
internal sealed record RemainingQuota(Uri BaseAddress, string KeyId, long BusinessId, ChatsOperation Operation, int Limit, int Remaining);
