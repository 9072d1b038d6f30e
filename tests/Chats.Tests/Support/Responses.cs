namespace YandexMarket.Chats.Tests;

/// <summary>The bodies of good responses.</summary>
internal static class Responses
{
    public const string Sent = """{"status":"OK"}""";

    public const string Message = """{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}""";
}
