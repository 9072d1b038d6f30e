namespace YandexMarket.Chats.Cli;

/// <summary>The command was used wrongly; the message says how to fix it, and quotes neither key nor text.</summary>
internal sealed class UsageException(string message) : Exception(message);
