namespace YandexMarket.Chats.AspNetCore.Tests;

internal static class Raw
{
    public const string Message =
        """{"notificationType":"CHAT_MESSAGE_SENT","businessId":1,"chatId":2,"messageId":"3","sentAt":"2026-01-16T10:09:49.5Z"}""";

    public const string Ping = """{"notificationType":"PING","time":"2026-01-16T10:09:49Z"}""";

    public static string MessageOf(int id) => Message.Replace("\"3\"", $"\"{id}\"", StringComparison.Ordinal);

    public static byte[] Post(string body, string? type = "application/json", string path = "/notification", string headers = "") =>
        Post(Encoding.UTF8.GetBytes(body), type, path, headers);

    public static byte[] Post(byte[] body, string? type = "application/json", string path = "/notification", string headers = "") =>
        [.. Head($"POST {path} HTTP/1.1", $"{(type is null ? "" : $"Content-Type: {type}\r\n")}Content-Length: {body.Length}\r\n{headers}"), .. body];

    public static byte[] Chunked(params string[] chunks) =>
        [
            .. Head("POST /notification HTTP/1.1", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"),
            .. Encoding.ASCII.GetBytes(string.Concat(chunks.Select(chunk => $"{chunk.Length:x}\r\n{chunk}\r\n")) + "0\r\n\r\n"),
        ];

    public static byte[] Head(string line, string headers = "") => Encoding.ASCII.GetBytes($"{line}\r\nHost: shop\r\nConnection: close\r\n{headers}\r\n");
}
