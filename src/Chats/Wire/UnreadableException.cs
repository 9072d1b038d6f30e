namespace YandexMarket.Chats.Wire;

/// <summary>JSON that is not what the contract says. The message names parts of the contract and quotes nothing of the JSON.</summary>
internal sealed class UnreadableException(string message) : Exception(message);

/// <summary>A response with more bytes than the client may read.</summary>
internal sealed class ResponseTooLongException : Exception;
