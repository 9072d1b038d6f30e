namespace YandexMarket.Chats.Witnesses.Tests.PrismProxy;

/// <summary>
/// A request that the contract forbids, and so the client never makes. <c>{0}</c> is the business, <c>{1}</c> the question.
/// </summary>
/// <param name="Operation">The operation that it is meant for.</param>
/// <param name="PathAndQuery">Where it goes.</param>
/// <param name="Json">The body, if there is one.</param>
/// <param name="Location">Where Prism has to see a violation.</param>
internal sealed record WrongRequest(ChatsOperation Operation, string PathAndQuery, string? Json, string Location)
{
    private const string Read = "businesses/{0}/chats/message";
    private const string Send = "businesses/{0}/chats/message?chatId=2";

    public static IReadOnlyList<WrongRequest> All { get; } =
    [
        OfRead(Read + "?messageId={1}", "request.query"),
        OfRead(Read + "?chatId=&messageId={1}", "request.query"),
        OfRead(Read + "?chatId=0&messageId={1}", "request.query.chatid"),
        OfRead(Read + "?chatId=-2&messageId={1}", "request.query.chatid"),
        OfRead(Read + "?chatId=two&messageId={1}", "request.query.chatid"),
        OfRead(Read + "?chatId=2.5&messageId={1}", "request.query.chatid"),
        OfRead(Read + "?chatId=2", "request.query"),
        OfRead(Read + "?chatId=2&messageId=0", "request.query.messageid"),
        OfRead(Read + "?chatId=2&messageId=first", "request.query.messageid"),
        OfRead("businesses/0/chats/message?chatId=2&messageId={1}", "request.path.businessid"),
        OfRead("businesses/mine/chats/message?chatId=2&messageId={1}", "request.path.businessid"),
        OfSend("businesses/{0}/chats/message", """{"message":"text"}""", "request.query"),
        OfSend("businesses/{0}/chats/message?chatId=0", """{"message":"text"}""", "request.query.chatid"),
        OfSend(Send, null, "request"),
        OfSend(Send, "{}", "request.body"),
        OfSend(Send, """{"message":null}""", "request.body.message"),
        OfSend(Send, """{"message":1}""", "request.body.message"),
        OfSend(Send, """{"message":{"text":"nested, as others have it"}}""", "request.body.message"),
        OfSend(Send, """{"message":""}""", "request.body.message"),
        OfSend(Send, $$"""{"message":"{{new string('x', 4097)}}"}""", "request.body.message"),
        OfSend(Send, """[{"message":"text"}]""", "request.body"),
    ];

    public override string ToString() =>
        $"{Operation.Id}, {PathAndQuery}{(Json is null ? "" : $", {(Json.Length > 60 ? $"{Json.Length} bytes" : Json)}")}";

    private static WrongRequest OfRead(string pathAndQuery, string location) =>
        new(ChatsOperations.GetChatMessage, pathAndQuery, null, location);

    private static WrongRequest OfSend(string pathAndQuery, string? json, string location) =>
        new(ChatsOperations.SendMessageToChat, pathAndQuery, json, location);
}
