namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>
/// One client that makes the two calls. It returns the client's own task, without a wrapper; results are looked at only when nothing is measured.
/// </summary>
internal abstract class Peer
{
    public const string Key = "ACMA:0123456789012345678901234567890123456789:01234567";

    protected const long BusinessId = 123456;
    protected const long ChatId = 7654321;
    protected const long MessageId = 987654321;

    public abstract Task ReadAsync();

    public abstract Task SendAsync(string text);

    /// <summary>The result of a read, as text that is equal for equal results.</summary>
    public abstract string Describe(Task read);

    /// <summary>The content of an error, as text that is equal for equal errors.</summary>
    public abstract string Describe(Exception error);
}
