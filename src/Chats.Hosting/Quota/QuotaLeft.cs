namespace YandexMarket.Chats.Hosting;

/// <summary>What is left of one quota.</summary>
internal sealed record QuotaLeft(Uri BaseAddress, string KeyId, long BusinessId, ChatsOperation Operation, int Limit, int Left);
