namespace YandexMarket.Chats.Emulator;

/// <summary>Where a call goes: an operation with the text that stands for the business, or nowhere.</summary>
internal readonly record struct Route(EmulatedOperation? Operation, string BusinessId, Refusal? Refusal)
{
    private const string Version = "/v2";
    private const string Head = "/businesses/";
    private const string Tail = "/chats/message";

    /// <summary>
    /// Both documented forms lead to the operations: with /v2 and, as older pages have it, without any version. Case matters, so /V2 is
    /// nothing, as documented. A path that nothing stands for is a 404 with any method; a wrong method on the right path is a 405.
    /// </summary>
    public static Route Of(string path, string method)
    {
        var rest = path.StartsWith(Version + Head, StringComparison.Ordinal) ? path.AsSpan(Version.Length) : path;
        if (!rest.StartsWith(Head, StringComparison.Ordinal) || !rest.EndsWith(Tail, StringComparison.Ordinal)
            || rest.Length <= Head.Length + Tail.Length)
        {
            return new Route(null, "", Refusals.ResourceNotFound);
        }

        var business = rest[Head.Length..^Tail.Length];
        if (business.Contains('/'))
        {
            return new Route(null, "", Refusals.ResourceNotFound);
        }

        return method switch
        {
            "GET" => new Route(EmulatedOperation.GetChatMessage, business.ToString(), null),
            "POST" => new Route(EmulatedOperation.SendMessageToChat, business.ToString(), null),
            _ => new Route(null, "", Refusals.Method(method)),
        };
    }
}
