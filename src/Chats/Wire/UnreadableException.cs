namespace YandexMarket.Chats.Wire;

/// <summary>JSON that does not match the contract. The message names parts of the contract and quotes nothing of the JSON.</summary>
internal sealed class UnreadableException(string message) : Exception(message);

/// <summary>A response larger than the client may read.</summary>
internal sealed class ResponseTooLongException : Exception;
