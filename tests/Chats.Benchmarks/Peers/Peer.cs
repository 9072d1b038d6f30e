namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>
/// One way to make the two calls. A call gives back the task that the way itself makes, without a wrapper; what came of it is
/// looked at only where no time is taken.
/// </summary>
internal abstract class Peer
{
    public const string Key = "ACMA:0123456789012345678901234567890123456789:01234567";

    protected const long BusinessId = 123456;
    protected const long ChatId = 7654321;
    protected const long MessageId = 987654321;

    public abstract Task ReadAsync();

    public abstract Task SendAsync(string text);

    /// <summary>What a read gave, in words that are the same for all who got the same.</summary>
    public abstract string Show(Task read);

    /// <summary>What an error told, likewise.</summary>
    public abstract string Show(Exception error);
}
