namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>What can stop a call, besides the faults of the network. A timeout or a cancellation comes at any moment.</summary>
internal enum Obstacle
{
    None,
    DeadKey,
    ReadOnlyKey,
    UnknownChat,
    NoServer,
    Timeout,
    Cancellation,
}

/// <summary>
/// One call to make, drawn from the seed. No two share a number, a key or a text. The spot of a read is one of the chat's messages; that of a timeout
/// or a cancellation, how far the call gets.
/// </summary>
internal sealed record PlannedCall(int Number, bool IsRead, int Business, int Chat, int Spot, Obstacle Obstacle)
{
    public const int Businesses = 16;
    public const int ChatsEach = 4;
    public const int MessagesEach = 8;
    private const int UnknownChat = 99;

    /// <summary>A text that no other call sends, and that says where it belongs.</summary>
    public string Text => $"call {Number} to {Business}/{Chat}";

    /// <summary>The emulator's record keeps the first four characters of a key: a key for each call tells whose request it was.</summary>
    public string Key => $"{Hint}-of-one-call";

    /// <summary>What the record keeps of the key.</summary>
    public string Hint => $"{Number:x4}";

    public static PlannedCall[] Draw(int seed, int count)
    {
        var dice = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(number => Draw(dice, number))];
    }

    private static PlannedCall Draw(Random dice, int number)
    {
        var obstacle = dice.Next(100) switch
        {
            < 2 => Obstacle.DeadKey,
            < 4 => Obstacle.ReadOnlyKey,
            < 6 => Obstacle.UnknownChat,
            < 8 => Obstacle.NoServer,
            < 16 => Obstacle.Timeout,
            < 22 => Obstacle.Cancellation,
            _ => Obstacle.None,
        };
        var chat = obstacle == Obstacle.UnknownChat ? UnknownChat : dice.Next(ChatsEach) + 1;
        return new PlannedCall(number, dice.Next(4) == 0, dice.Next(Businesses) + 1, chat, dice.Next(MessagesEach), obstacle);
    }
}
